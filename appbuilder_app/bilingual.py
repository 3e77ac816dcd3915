"""Thai texts that know their English: labels and sentences. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

Translate = Callable[[str], str]


class Bilingual(str):
    """A Thai text. Everywhere it is that text; a page in English asks it for ``english``.

    Commands, documents and the history therefore stay Thai without asking for anything.
    """

    __slots__ = ()

    def english(self, translate: Translate) -> str:
        """The English; ``translate`` gives a Thai template of the catalogue in English."""
        raise NotImplementedError

    def __str__(self) -> Self:
        # str(refusal) must still know its English; the inherited one would make a plain copy.
        return self

    def __deepcopy__(self, _seen: dict[int, Any]) -> Self:
        return self

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        return str, (self[:],)  # stored somewhere else it is plain Thai


class Label(Bilingual):
    """Thai words with their English beside them, as declarations and code lists have them."""

    __slots__ = ("en",)
    en: str

    def __new__(cls, th: str, en: str) -> Self:
        label = str.__new__(cls, th)
        label.en = en
        return label

    def english(self, translate: Translate) -> str:
        """The English words."""
        return self.en


class Sentence(Bilingual):
    """A Thai template filled with facts; remembers both, so that it can be said again in English.

    A fact that is Bilingual is told in English, too; a list of facts is told with dots between them.
    """

    __slots__ = ("facts", "template")
    template: str
    facts: dict[str, Any]

    def __new__(cls, template: str, /, **facts: Any) -> Self:
        thai = {name: _told(fact, str) for name, fact in facts.items()}
        # Without facts nothing is filled in: the text may be somebody's own, with braces in it.
        sentence = str.__new__(cls, template.format(**thai) if facts else template)
        sentence.template, sentence.facts = template, facts
        return sentence

    def english(self, translate: Translate) -> str:
        """The catalogue's English of the template, filled with the same facts."""
        if not self.template:
            return ""
        template = translate(self.template)
        if not self.facts:
            return template
        return template.format(**{name: _told(fact, translate) for name, fact in self.facts.items()})


def _told(fact: Any, translate: Translate) -> Any:
    if isinstance(fact, list | tuple):
        return " · ".join(str(_told(part, translate)) for part in fact)
    return fact.english(translate) if isinstance(fact, Bilingual) and translate is not str else fact


def packed(text: str | None) -> Any:
    """A text as JSON that does not forget its English: how a sentence is kept in a row."""
    if isinstance(text, Label):
        return {"th": text[:], "en": text.en}
    if isinstance(text, Sentence):
        return {
            "template": text.template,
            "facts": {name: _packed(fact) for name, fact in text.facts.items()},
        }
    return text


def _packed(fact: Any) -> Any:
    if isinstance(fact, list | tuple):
        return [_packed(part) for part in fact]
    return (
        packed(fact)
        if isinstance(fact, str) or fact is None
        else fact
        if isinstance(fact, int)
        else str(fact)
    )


def unpacked(kept: Any) -> Any:
    """The text that ``packed`` kept, to be said in the reader's language."""
    if isinstance(kept, list):
        return [unpacked(part) for part in kept]
    if not isinstance(kept, dict):
        return kept
    if "th" in kept:
        return Label(kept["th"], kept["en"])
    return Sentence(kept["template"], **{name: unpacked(fact) for name, fact in kept["facts"].items()})
