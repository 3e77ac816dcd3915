"""``prepare``: Django's tables and two superusers; prints a token. ``statements USER PATH``: how many a page takes."""

from __future__ import annotations

import os
import sys

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.django_admin.settings"
django.setup()

from django.contrib.auth.models import User  # noqa: E402 - Django's models need the settings first
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from rest_framework.authtoken.models import Token  # noqa: E402

from bench.django_admin.site import CENTRAL, SCHOOL  # noqa: E402


def prepare() -> None:
    """Django's own tables beside the application's, and a superuser for the country and for the school."""
    call_command("migrate", verbosity=0)
    for name in (CENTRAL, SCHOOL):
        if not User.objects.filter(username=name).exists():
            User.objects.create_superuser(name, password="bench")
    print(Token.objects.get_or_create(user=User.objects.get(username=CENTRAL))[0].key)


def statements(user: str, page: str) -> int:
    """How many statements a page takes."""
    client = Client()
    client.force_login(User.objects.get(username=user))
    client.get(page)
    with CaptureQueriesContext(connection) as seen:
        answer = client.get(page)
    assert answer.status_code == 200, answer
    return len(seen)


if sys.argv[1] == "prepare":
    prepare()
else:
    print(statements(*sys.argv[2:]))
