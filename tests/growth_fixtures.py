"""A growth reference that is made up, for tests alone: no figure of it is anybody's."""

from __future__ import annotations

from collections.abc import Iterator


def synthetic_reference() -> bytes:
    """Months 24 to 240 and heights 80 to 190 cm in half steps; straight lines, so that tests can reckon with them.

    At ``m`` months the middle weight is ``10 + m / 4`` kg and one SD 2 kg, the middle height ``70 + m / 2`` cm and one SD
    5 cm; at ``h`` cm the middle weight is ``h / 2 - 15`` kg and one SD 1 kg.
    """
    return ("\ufeffindex,sex,at,minus2,minus1_5,plus1_5,plus2,plus3\n" + "".join(_lines())).encode()


def _lines() -> Iterator[str]:
    for sex in "MF":
        for month in range(24, 241):
            yield _line("wfa", sex, month, 10 + month / 4, 2)
            yield _line("hfa", sex, month, 70 + month / 2, 5)
        for half in range(160, 381):
            yield _line("wfh", sex, half / 2, half / 4 - 15, 1)


def _line(index: str, sex: str, at: float, middle: float, one: float) -> str:
    cuts = [middle + sd * one for sd in (-2, -1.5, 1.5, 2, 3)]
    return f"{index},{sex},{at:g}," + ",".join(f"{cut:g}" for cut in cuts) + "\n"
