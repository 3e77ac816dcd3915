"""The language of a page: Thai as written, or the English that texts know and the catalogue holds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flask_babel
from flask import Flask, current_app, g, has_app_context, has_request_context, request, session
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from .bilingual import Bilingual


def install(app: Flask) -> None:
    """Let every template say Bilingual texts in the page's language, alone or inside another text."""
    app.jinja_env.finalize = _finalize
    app.jinja_env.globals.update(gettext=_in_template)
    # For texts that a template joins with ~, which finalize sees only when they are one.
    app.add_template_filter(said)
    babel = app.extensions["babel"]
    chosen = babel.locale_selector
    babel.locale_selector = lambda: _asked_by_program() or chosen()


def _asked_by_program() -> str | None:
    """What a program's Accept-Language asks for. People choose in the menu; their browsers often ask in English."""
    if not has_request_context() or not request.path.startswith("/api/"):
        return None
    if "_l_" in request.args or session.get("locale"):
        return None
    languages = current_app.config["LANGUAGES"]
    default = str(current_app.config["BABEL_DEFAULT_LOCALE"])
    return request.accept_languages.best_match([default, *languages], default)


def is_english() -> bool:
    """True when the request's language is English; False for Thai and outside a request."""
    try:
        # A page asks this hundreds of times.
        return bool(g.is_english)
    except (AttributeError, RuntimeError):
        return _ask_whether_english()


def _ask_whether_english() -> bool:
    locale = flask_babel.get_locale()
    english = locale is not None and locale.language == "en"
    if has_app_context():
        g.is_english = english
    return english


def said(text: Any) -> str:
    """A Bilingual text in the page's language; another text through the catalogue."""
    if isinstance(text, Bilingual):
        # A plain copy: what has been said once is not asked for its language again, cell by cell.
        return text.english(flask_babel.gettext) if is_english() else text[:]
    return str(flask_babel.gettext(text)) if text else ""


def teller() -> Callable[[Any], str]:
    """``said`` for the many values of one page: the language is asked once, plain texts stay as they are."""
    english = is_english()

    def told(value: Any) -> str:
        if isinstance(value, Bilingual):
            return value.english(flask_babel.gettext) if english else value[:]
        return value if isinstance(value, Markup) else str(value)

    return told


def gettext(text: str, **facts: Any) -> str:
    """``flask_babel.gettext`` that says Bilingual facts in the page's language, too."""
    return str(flask_babel.gettext(text, **{name: _finalize(fact) for name, fact in facts.items()}))


def _finalize(value: Any) -> Any:
    return said(value) if isinstance(value, Bilingual) else value


@pass_context
def _in_template(context: Context, text: str, **facts: Any) -> str:
    # As Jinja's own "newstyle" gettext does: the text is ours and trusted, the facts are escaped.
    found = flask_babel.gettext(text) if is_english() else text
    if context.eval_ctx.autoescape:
        found = Markup(found)  # noqa: S704 - see above
    return found % {name: _finalize(fact) for name, fact in facts.items()}
