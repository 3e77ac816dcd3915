"""Django REST Framework on the learners: a serializer of all fields, paged in two ways."""

from __future__ import annotations

from rest_framework import authentication, pagination, permissions, renderers, serializers, viewsets

from bench.django_admin.models import Pupil

PAGE = 25


class PupilSerializer(serializers.ModelSerializer):
    """All fields of a learner, as ours are sent."""

    class Meta:
        model = Pupil
        exclude = ("scope",)


class Numbered(pagination.PageNumberPagination):
    """As its tutorial has it: numbered pages, and a count of all rows."""

    page_size = PAGE


class ByMark(pagination.CursorPagination):
    """As its documentation advises for large tables: from the last row on, without a count."""

    page_size = PAGE
    ordering = ("scope", "grade", "room", "id")


class PupilsNumbered(viewsets.ReadOnlyModelViewSet):
    """Learners as JSON for who has the right to them, known by a token or a session."""

    queryset = Pupil.objects.all()
    serializer_class = PupilSerializer
    pagination_class: type[pagination.BasePagination] = Numbered
    renderer_classes = (renderers.JSONRenderer,)
    authentication_classes = (authentication.TokenAuthentication, authentication.SessionAuthentication)
    permission_classes = (permissions.DjangoModelPermissions,)


class PupilsByMark(PupilsNumbered):
    """The same without numbers of pages."""

    pagination_class = ByMark
