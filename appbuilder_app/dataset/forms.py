"""Forms made from declarations: one WTForms field per declared field, read and judged by its kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from wtforms import Field as FormField
from wtforms import FileField, Form, SelectField, StringField, TextAreaField

from .. import kinds
from ..declaration import Base, Field, dataset_of, fields_of
from ..errors import Problem
from ..language import is_english, said
from . import validation
from .sight import fields_seen, is_shown


def label_of(declared: Any) -> str:
    """The label of a field, group, menu or dataset in the language of the page."""
    return said(declared.th)


def hint_of(declared: Field) -> str:
    """The hint of a field in the language of the page."""
    return (declared.hint_en if is_english() else declared.hint) or declared.hint


class RowForm(Form):
    """The form of one row. What was typed stays as typed; ``problems`` tells what is wrong with it."""

    problems: list[Problem]
    model: type[Base]
    refused_with = 422
    kept: dict[str, Any]
    """Stored values of the fields that are not asked, because only verbs change them; shown beside the others."""
    posted: Mapping[str, str]

    def read(self) -> dict[str, Any]:
        """Values by field name; what cannot be read is added to ``problems`` and to the field's errors."""
        # A field that was not sent is not blank: half a form would wipe the rest of the row out.
        sent = {name: field for name, field in self._fields.items() if field.raw_data}
        raw = {name: field.data for name, field in sent.items() if not _is_read_only(field)}
        values, self.problems = validation.read_row(self.model, raw)
        self.problems += self._kept_but_sent()
        self.show(self.problems)
        return values

    def _kept_but_sent(self) -> list[Problem]:
        """Who sends another value for a kept field is told, not passed over."""
        seen = [name for name in self.kept if name in self.posted and is_shown(self.model, name)]
        sent = {name: self.posted[name] for name in seen}
        values, wrong = validation.read_row(self.model, sent)
        changed = [name for name, value in values.items() if value != self.kept[name]]
        return validation.kept_by_verbs(self.model, [*changed, *(one.field for one in wrong if one.field)])

    def show(self, problems: Sequence[Problem]) -> None:
        """Put each problem beside its field."""
        for problem in problems:
            if problem.field in self._fields:
                field = self._fields[problem.field]
                field.errors = [*field.errors, self.beside_its_label(problem)]

    @staticmethod
    def beside_its_label(problem: Problem) -> str:
        """The sentence without the label that it begins with, for a place where the label stands already."""
        return said(validation.beside_its_label(problem.message))


def _is_read_only(field: FormField) -> bool:
    return bool((field.render_kw or {}).get("readonly"))


def form_of(
    model: type[Base],
    *,
    adding: bool,
    data: Mapping[str, str] | None = None,
    row: Base | None = None,
    reference_texts: Mapping[str, str] | None = None,
    leave_out: Sequence[str] = (),
) -> RowForm:
    """The form of a dataset: empty, of a row, or of what was posted (``data``); only of fields that are shown.

    Of a stored row it does not ask what only verbs change.
    """
    fields = {name: one for name, one in fields_seen(model).items() if name not in leave_out}
    kept = [] if adding else [name for name, declared in fields.items() if declared.by_verb is not None]
    members: dict[str, Any] = {"model": model, "posted": data or {}}
    members["kept"] = {name: getattr(row, name) for name in kept}
    members |= {
        name: _form_field(model, declared, adding)
        for name, declared in fields.items()
        if name not in kept and declared.editable
    }
    built = type(f"{model.__name__}Form", (RowForm,), members)(formdata=data)
    for name, field in built._fields.items():
        _tell_template(fields_of(model)[name], field, (reference_texts or {}).get(name, ""))
    if data is None and row is not None:
        for name, field in built._fields.items():
            field.data = fields_of(model)[name].kind.edit(getattr(row, name))
    elif data is None:
        _fill_defaults(model, built)
    return built


def form_of_fields(
    fields: Mapping[str, Field],
    *,
    data: Mapping[str, str] | None = None,
    stored: Mapping[str, Any] | None = None,
) -> Form:
    """A form of fields that no dataset declares: of what was posted, else of values as JSON has them.

    Its fields are named ``q_`` and the field's name, so that none is taken for a member of the form.
    """
    members: dict[str, Any] = {asked(name): _widget_of(declared, {}) for name, declared in fields.items()}
    built = type("AnswerForm", (Form,), members)(formdata=data)
    for name, declared in fields.items():
        field = built[asked(name)]
        _tell_template(declared, field, "")
        if data is None and stored is not None and (value := stored.get(name)) is not None:
            field.data = declared.kind.edit(declared.kind.read(value))
    return built


def form_of_parameters(
    fields: Iterable[Field],
    *,
    data: Mapping[str, str] | None = None,
    present: Mapping[str, Any] | None = None,
    papers: str = "",
    of: str = "",
) -> RowForm:
    """The form of what a verb is told: of what was posted, else of what is there; ``papers`` asks for a file.

    ``of`` begins the ids of its fields, for a page with several such forms.
    """
    asked_for = list(fields)
    members: dict[str, Any] = {one.name: _widget_of(one, {}) for one in asked_for}
    if papers:
        members["file"] = FileField(said(papers))
    built = type("VerbForm", (RowForm,), members)(formdata=data)
    for name, field in built._fields.items() if of else ():
        field.id = field.label.field_id = f"{of}-{name}"
    for declared in asked_for:
        field = built[declared.name]
        _tell_template(declared, field, "")
        if data is None and present is not None and (value := present.get(declared.name)) is not None:
            field.data = declared.kind.edit(value)
    return built


def asked(name: str) -> str:
    """How a field of ``form_of_fields`` is called in the form."""
    return f"q_{name}"


def _tell_template(declared: Field, field: FormField, reference_text: str) -> None:
    """What the template asks a field: whether it must be filled, how it is typed, what a look-up shows."""
    field.flags.required = declared.required
    field.kind = declared.kind.widget
    if isinstance(declared.kind, kinds.Reference):
        field.lookup_url = f"/data/{declared.kind.target}/lookup"
        field.lookup_text = reference_text


def _fill_defaults(model: type[Base], form: RowForm) -> None:
    for name, field in form._fields.items():
        default = model.__table__.columns[name].default
        if default is not None and default.is_scalar:
            field.data = fields_of(model)[name].kind.edit(default.arg)


def _form_field(model: type[Base], declared: Field, adding: bool) -> FormField:
    attributes: dict[str, Any] = {}
    if declared.length:
        attributes["maxlength"] = (
            declared.length + 20
        )  # dashes and spaces of a pasted number are taken out later
    # A row's address must not change under it: keys are given once.
    if not adding and declared.name in {c.key for c in model.__table__.primary_key.columns}:
        attributes["readonly"] = True
    return _widget_of(declared, attributes)


def _widget_of(declared: Field, attributes: dict[str, Any]) -> FormField:
    unit = f" ({said(declared.unit)})" if declared.unit else ""
    common = {"label": label_of(declared) + unit, "description": hint_of(declared), "render_kw": attributes}
    return _WIDGETS.get(declared.kind.widget, _text)(declared, common)


def _text(declared: Field, common: dict[str, Any]) -> FormField:
    if declared.kind.numeric:
        common["render_kw"]["inputmode"] = "decimal"
    return StringField(**common)


def _memo(declared: Field, common: dict[str, Any]) -> FormField:
    return TextAreaField(**common)


def _choice(declared: Field, common: dict[str, Any]) -> FormField:
    assert isinstance(declared.kind, kinds.Code | kinds.Choice)
    choices = [("", "")] + [(value, said(label)) for value, label in declared.kind.choices()]
    return SelectField(choices=choices, validate_choice=False, **common)


def _flag(declared: Field, common: dict[str, Any]) -> FormField:
    choices = [(str(value), said(value)) for value in (kinds.YES, kinds.NO)]
    if declared.nullable:
        choices.insert(0, ("", ""))
    return SelectField(choices=choices, validate_choice=False, **common)


_WIDGETS = {"memo": _memo, "choice": _choice, "flag": _flag}


def groups_of(model: type[Base], leave_out: Sequence[str] = ()) -> list[tuple[str, list[str]]]:
    """Fieldsets: label and field names, in the order of declaration; one without a label when none is declared."""
    fields = [declared for name, declared in fields_seen(model).items() if name not in leave_out]
    groups = dataset_of(model).groups
    if not groups:
        return [("", [declared.name for declared in fields])]
    grouped = [(label_of(g), [d.name for d in fields if d.group == g.key]) for g in groups]
    return [(label, names) for label, names in grouped if names]
