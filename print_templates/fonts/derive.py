"""Derives the print fonts from Sarabun: one glyph = one piece of text, so that a PDF can be searched.

Run by hand when Sarabun changes; the results are committed beside this file::

    npm pack @expo-google-fonts/sarabun@0.4.1 && tar xzf expo-google-fonts-sarabun-0.4.1.tgz
    python derive.py package

What is changed, and why, is told in docs/decisions/004-thai-text-layer.md.
"""

from __future__ import annotations

import sys
from itertools import product
from pathlib import Path

from fontTools.otlLib import builder
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables import otTables

HERE = Path(__file__).parent
FAMILY = "Thabian Sarabun"
SOURCES = {
    "Regular": "400Regular/Sarabun_400Regular.ttf",
    "Bold": "700Bold/Sarabun_700Bold.ttf",
}

# Sarabun fills its em as Latin fonts do; the TH Sarabun of official letters is drawn smaller in the em.
# With this em "16pt" in a stylesheet is the size that a reader of official letters knows as 16 pt.
UNITS_PER_EM = 1400

# Names such as uni0E10.less and f_i say which text a glyph stands for; these did not.
TELLING_NAMES = {
    "fi": "f_i",
    "fl": "f_l",
    "yoYingthai.less": "uni0E0D.less",
    "doChadathai.short": "uni0E0E.short",
    "toPatakthai.short": "uni0E0F.short",
    "thoThanthai.less": "uni0E10.less",
    "loChulathai.short": "uni0E2C.short",
}
NIKHAHIT, SARA_AA, SARA_AM = "uni0E4D", "uni0E32", "uni0E33"
TONES = ("0E48", "0E49", "0E4A", "0E4B")
LOWER_VOWELS = ("0E38", "0E39")
UPPER_VOWELS = ("0E31", "0E34", "0E35", "0E36", "0E37", "0E47")
MARKS = (*TONES, "0E4C")


def derive(source: Path, style: str) -> TTFont:
    """Sarabun with telling glyph names, each stack of marks as one glyph, and the em of official letters."""
    nikhahit_tones = {
        f"{NIKHAHIT}{tone}{variant}": f"uni{tone}.nikhahit{variant}"
        for tone in TONES
        for variant in ("", ".narrow")
    }
    font = renamed(source, {**TELLING_NAMES, **nikhahit_tones})
    add_joined(font, f"{SARA_AM}.narrow", (f"{NIKHAHIT}.narrow", SARA_AA))
    add_joined(font, f"{SARA_AM}.tail", (SARA_AA,))
    stacks = add_stacks(font)
    substitute(font, stacks, sorted(nikhahit_tones.values()))
    forget_mark_positions(font)
    font["head"].unitsPerEm = UNITS_PER_EM
    name_family(font, style)
    return font


def renamed(source: Path, names: dict[str, str]) -> TTFont:
    """The font with glyphs renamed before any table is read, so that all tables speak of the new names."""
    order = [names.get(glyph, glyph) for glyph in TTFont(source).getGlyphOrder()]
    font = TTFont(source, recalcTimestamp=False)
    font.setGlyphOrder(order)
    font["post"].extraNames = []
    font["post"].mapping = {}
    font["post"].glyphOrder = order
    return font


def add_joined(
    font: TTFont, name: str, parts: tuple[str, ...], shift: tuple[int, int] = (0, 0), kind: int = 1
) -> None:
    """A new glyph drawn from others, as wide as the last, which may be shifted; ``kind`` is GDEF's class."""
    glyphs = font.getGlyphSet()
    pen = TTGlyphPen(None)
    for part in parts:
        recording = DecomposingRecordingPen(glyphs)
        glyphs[part].draw(recording)
        recording.replay(TransformPen(pen, (1, 0, 0, 1, *(shift if part == parts[-1] else (0, 0)))))
    glyph = pen.glyph()
    font.setGlyphOrder([*font.getGlyphOrder(), name])
    font["glyf"].glyphs[name] = glyph
    font["glyf"].glyphOrder = font.getGlyphOrder()
    glyph.recalcBounds(font["glyf"])
    font["hmtx"][name] = (font["hmtx"][parts[-1]][0], glyph.xMin)
    font["GDEF"].table.GlyphClassDef.classDefs[name] = kind


def add_stacks(font: TTFont) -> dict[tuple[str, str], str]:
    """One glyph for each vowel with the mark that follows it, drawn as Sarabun places them."""
    stacks = {}
    for vowel, mark, narrow in product(UPPER_VOWELS, MARKS, ("", ".narrow")):
        below, above = f"uni{vowel}{narrow}", f"uni{mark}.small"
        stacks[below, above] = f"uni{vowel}{mark}{narrow}"
        add_joined(font, stacks[below, above], (below, above), shift_above(font, below, above), kind=3)
    for vowel, mark, small, narrow in product(LOWER_VOWELS, MARKS, ("", ".small"), ("", ".narrow")):
        pair = f"uni{vowel}{small}", f"uni{mark}{narrow}"
        stacks[pair] = f"uni{vowel}{mark}{small}{narrow}"
        add_joined(font, stacks[pair], pair, kind=3)
    return stacks


def shift_above(font: TTFont, below: str, above: str) -> tuple[int, int]:
    """Where Sarabun's mark-to-mark positions put ``above`` when it stands over ``below``, in font units."""
    for lookup in font["GPOS"].table.LookupList.Lookup:
        for table in lookup.SubTable if lookup.LookupType == 6 else ():
            if above in table.Mark1Coverage.glyphs and below in table.Mark2Coverage.glyphs:
                mark = table.Mark1Array.MarkRecord[table.Mark1Coverage.glyphs.index(above)]
                row = table.Mark2Array.Mark2Record[table.Mark2Coverage.glyphs.index(below)]
                place = row.Mark2Anchor[mark.Class]
                return (
                    place.XCoordinate - mark.MarkAnchor.XCoordinate,
                    place.YCoordinate - mark.MarkAnchor.YCoordinate,
                )
    raise LookupError(f"{above} has no place over {below}")


def substitute(font: TTFont, stacks: dict[tuple[str, str], str], nikhahit_tones: list[str]) -> None:
    """Substitutions after Sarabun's own, joining what the shaper took apart.

    The shaper splits ำ into nikhahit + sara aa. Without a tone mark the two become the glyph ำ. With one,
    Sarabun joins nikhahit and tone into one glyph, which then stands for the tone alone, and the sara aa
    after it stands for ำ: the text keeps its order and each glyph its own meaning.
    """
    sara_am = {
        (NIKHAHIT, SARA_AA): SARA_AM,
        (f"{NIKHAHIT}.narrow", SARA_AA): f"{SARA_AM}.narrow",
    }
    joined = builder.buildLookup([builder.buildLigatureSubstSubtable({**sara_am, **stacks})])
    tail = builder.buildLookup([builder.buildSingleSubstSubtable({SARA_AA: f"{SARA_AM}.tail"})])
    lookups = font["GSUB"].table.LookupList.Lookup
    lookups += [joined, tail]
    lookups.append(after(nikhahit_tones, [SARA_AA], lookups.index(tail), font.getReverseGlyphMap()))
    font["GSUB"].table.LookupList.LookupCount = len(lookups)
    for record in font["GSUB"].table.FeatureList.FeatureRecord:
        if record.FeatureTag == "ccmp":
            record.Feature.LookupListIndex += [lookups.index(joined), len(lookups) - 1]
            record.Feature.LookupCount = len(record.Feature.LookupListIndex)


def forget_mark_positions(font: TTFont) -> None:
    """Marks stay where they are drawn, within 3 % of an em of where Sarabun would nudge them.

    A mark that is moved up or down changes the baseline in the PDF, and readers break the word there.
    """
    for record in font["GPOS"].table.FeatureList.FeatureRecord:
        if record.FeatureTag in ("mark", "mkmk"):
            record.Feature.LookupListIndex = []
            record.Feature.LookupCount = 0


def after(before: list[str], glyphs: list[str], lookup: int, glyph_map: dict[str, int]) -> otTables.Lookup:
    """A lookup that applies another one to glyphs that stand right after one of ``before``."""
    rule = otTables.ChainContextSubst()
    rule.Format = 3
    rule.BacktrackCoverage = [builder.buildCoverage(before, glyph_map)]
    rule.InputCoverage = [builder.buildCoverage(glyphs, glyph_map)]
    rule.LookAheadCoverage = []
    record = otTables.SubstLookupRecord()
    record.SequenceIndex, record.LookupListIndex = 0, lookup
    rule.SubstLookupRecord = [record]
    rule.BacktrackGlyphCount = rule.InputGlyphCount = rule.SubstCount = 1
    rule.LookAheadGlyphCount = 0
    return builder.buildLookup([rule])


def name_family(font: TTFont, style: str) -> None:
    """Its own family name, so that it is never confused with a Sarabun that a machine has installed."""
    names = {
        1: FAMILY,
        2: style,
        3: f"{FAMILY} {style}",
        4: f"{FAMILY} {style}",
        6: f"{FAMILY.replace(' ', '')}-{style}",
    }
    table = font["name"]
    for record in list(table.names):
        if record.nameID in names:
            table.setName(
                names[record.nameID], record.nameID, record.platformID, record.platEncID, record.langID
            )
        elif record.nameID in (16, 17, 21, 22, 25):
            table.names.remove(record)


def main(package: Path) -> None:
    """Writes the derived fonts and Sarabun's licence beside this file."""
    for style, path in SOURCES.items():
        derive(package / path, style).save(HERE / f"{FAMILY.replace(' ', '')}-{style}.ttf")
    (HERE / "OFL.txt").write_bytes((package / "LICENSE_FONT").read_bytes())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
