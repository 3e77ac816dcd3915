"""The API's own description (OpenAPI 3), for who may use the API."""

from __future__ import annotations

from flask_appbuilder.api.manager import OpenApi as Description


class OpenApi(Description):
    """``/api/v1/_openapi``: the operations on every dataset, made from the declarations."""

    class_permission_name = "openapi"
    method_permission_name = {"get": "read"}
