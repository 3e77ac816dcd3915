"""The API's own description: OpenAPI 3 for programs, and pages for people, for who may use the API."""

from __future__ import annotations

import json
from typing import Any

from flask import Response, abort, current_app, jsonify, request
from flask_appbuilder import BaseView, has_access
from flask_appbuilder.api import BaseApi, expose, permission_name

from .. import access
from ..access import Action
from ..dataset import openapi
from ..dataset.api import entitled
from ..declaration import Base, dataset_of, datasets, fields_of
from ..kinds import Reference
from . import verb_openapi


class OpenApi(BaseApi):
    """``/api/v1/openapi.json``: every dataset's operations and every verb, made from the declarations."""

    resource_name = "openapi"
    route_base = openapi.BASE
    class_permission_name = "openapi"
    csrf_exempt = False

    @expose("/openapi.json", methods=["GET"])
    @entitled
    @permission_name("read")
    def get(self) -> Response:
        """The whole description."""
        return jsonify(verb_openapi.description(current_app.config["APP_NAME"]))


class DocumentationView(BaseView):
    """``/api-docs/``: the same description for people, a page for each dataset."""

    route_base = "/api-docs"
    class_permission_name = "openapi"

    @expose("/")
    @has_access
    @permission_name("read")
    def browse(self) -> str:
        """What is common to all datasets, and which there are."""
        viewer = access.viewer()
        return self.render_template(
            "thabian/api/index.html",
            datasets=[model for model in datasets() if viewer.may(Action.READ, model.__tablename__)],
            dataset_of=dataset_of,
            refusals=openapi.REFUSALS,
            address=openapi.ADDRESS,
            origin=request.host_url.rstrip("/"),
            per_minute=current_app.config["API_PER_MINUTE"],
        )

    @expose("/verbs")
    @has_access
    @permission_name("read")
    def verbs(self) -> str:
        """What can be done beside writing rows: every verb with what it is told, and what can be read of it."""
        return self.render_template(
            "thabian/api/verbs.html",
            subjects=[
                (subject, th, verb_openapi.operations_of(subject)) for subject, th in verb_openapi.pages()
            ],
            origin=request.host_url.rstrip("/"),
        )

    @expose("/<name>")
    @has_access
    @permission_name("read")
    def show(self, name: str) -> str:
        """One dataset: its operations with examples, its filters and its fields."""
        model = next((model for model in datasets() if model.__tablename__ == name), None)
        if model is None:
            abort(404)
        paths, schemas = openapi.paths_of(model), openapi.schemas_of(model)
        return self.render_template(
            "thabian/api/dataset.html",
            declared=dataset_of(model),
            operations=[(path, verb, told) for path, item in paths.items() for verb, told in _verbs(item)],
            parameters=openapi.parameters_of(model),
            fields=fields_of(model),
            row=schemas[model.__name__]["properties"],
            sent=schemas.get(f"{model.__name__}New", {}),
            origin=request.host_url.rstrip("/"),
            example=example_of(model),
        )


def _verbs(item: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [(verb, told) for verb, told in item.items() if verb != "parameters"]


def example_of(model: type[Base]) -> str:
    """What a first change of a row could send: one field that may be changed, and the version."""
    free = (
        (name, declared)
        for name, declared in fields_of(model).items()
        if declared.editable
        and name not in dataset_of(model).key
        and not isinstance(declared.kind, Reference)
    )
    name, declared = next(free, ("version", None))
    schema = declared.kind.schema if declared is not None else {}
    typed = {"integer": 1, "number": 1, "boolean": True}
    value = schema["enum"][0] if "enum" in schema else typed.get(schema.get("type", ""), "…")
    return json.dumps({name: value, "version": 1}, ensure_ascii=False)
