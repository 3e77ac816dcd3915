"""The form of the login page."""

from __future__ import annotations

from wtforms import Form, PasswordField, StringField


class LoginForm(Form):
    """Name and password; the page writes the labels."""

    username = StringField()
    password = PasswordField()


class CodeForm(Form):
    """The second page of who has set up a phone."""

    code = StringField()
