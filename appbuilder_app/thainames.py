"""The one key of a person's name, however it was spelled: by it likely the same child is found. Pure.

The key is not for reading. It joins spellings that sound alike and are often exchanged in registers [assumed: no
published rule was found]; that two keys are equal means only that the names may be one.

The steps are a table, from which the key is computed here and, by the same steps, in PostgreSQL: the database
keeps it as a generated column, so that it is right on every path. What changes a step changes stored keys: a
revision must then write the column anew.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

SQL_FUNCTION: Final = "thabian_name_key"
"""The function by which databases compute the key of (first name, last name)."""

# Titles typed into the name itself. นาย and นาง only with a space after them: นายิกา is a name.
_TITLES: Final = (
    "เด็กชาย", "เด็กหญิง", "สามเณร", "นางสาว", "นาย ", "นาง ", "ด.ช.", "ด.ญ.", "น.ส.",
)  # fmt: skip
# Tone marks are the commonest slip of typing; ฯ and ๆ abbreviate and repeat; the rest nobody sees or says.
_UNSAID: Final = (
    "่", "้", "๊", "๋", "็", "ฯ", "ๆ", " ", ".", "-", "'", "\u00a0", "\u00ad", "\u200b", "\u200c", "\u200d", "\ufeff",
)  # fmt: skip
_SAME_LOOK: Final = (("เเ", "แ"), ("ํา", "ำ"))
# จันทร์, ศักดิ์, พันธุ์: a silenced letter with its vowel; ร after ต, ท, ด, ฎ takes that one along.
_SILENCED: Final = "([ตทดฎ]ร|[ก-ฮ])[ิุ]?์"
_SAME_SOUND: Final = (
    ("ทร", "ซ"), ("ศร", "ส"),
    ("ศ", "ส"), ("ษ", "ส"),
    ("ณ", "น"), ("ญ", "ย"), ("ฬ", "ล"), ("ภ", "พ"), ("ฎ", "ด"), ("ฏ", "ต"), ("ฌ", "ช"), ("ฃ", "ข"),
    ("ฅ", "ค"), ("ฆ", "ค"),
    ("ฐ", "ท"), ("ฑ", "ท"), ("ฒ", "ท"), ("ธ", "ท"),
    ("ใ", "ไ"), ("รร", "ั"), ("ำ", "ัม"), ("ฤ", "ริ"),
)  # fmt: skip
_DOUBLED: Final = "กขคงจชซดตถทนบปผพมยรลวสหอ"

_BEFORE: Final = (*((one, "") for one in _TITLES), *_SAME_LOOK, *((one, "") for one in _UNSAID))
_AFTER: Final = (*_SAME_SOUND, *((letter * 2, letter) for letter in _DOUBLED))
_silenced = re.compile(_SILENCED)


@lru_cache(maxsize=65_536)
def name_key(first_name: str, last_name: str = "") -> str:
    """The key of a name; what is unknown is an empty text, whose key is empty."""
    key = (first_name + " " + last_name).lower()
    for old, new in _BEFORE:
        key = key.replace(old, new)
    key = _silenced.sub("", key)
    for old, new in _AFTER:
        key = key.replace(old, new)
    return key


def postgresql_function() -> str:
    """The same steps as an SQL function. IMMUTABLE, for a generated column; plain SQL, which is planned in line."""
    key = "lower(first_name || ' ' || last_name)"
    for old, new in _BEFORE:
        key = f"replace({key}, {_literal(old)}, {_literal(new)})"
    key = f"regexp_replace({key}, {_literal(_SILENCED)}, '', 'g')"
    for old, new in _AFTER:
        key = f"replace({key}, {_literal(old)}, {_literal(new)})"
    return (
        f"CREATE OR REPLACE FUNCTION {SQL_FUNCTION}(first_name varchar, last_name varchar) RETURNS text\n"
        f"LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN {key}"
    )


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
