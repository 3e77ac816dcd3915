"""The tree of hashes by itself: every line is proved alone, nothing of the others is told, nothing altered passes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appbuilder_app import proving
from appbuilder_app.proving import Broken, Tree, verified

SEED = bytes(range(32))
SCHOOL = {"name": "บ้านหนองตัวอย่าง", "code": "16020123"}
PROVING = Path(proving.__file__)


def lines_of(records: int) -> list[bytes]:
    """A snapshot's text with so many records."""
    head = {
        "form": "thabian-snapshot/1", "system": "dmc", "academic_year": 2569, "round": 2,
        "snapshot_date": "2026-11-10", "school": SCHOOL, "leaves": records + 2,
    }  # fmt: skip
    texts = [
        head,
        {"counts": records},
        *({"national_id": str(at), "name": f"ด.ช.{at}"} for at in range(records)),
    ]
    return [json.dumps(text, ensure_ascii=False).encode() for text in texts]


def proof_of(tree: Tree, *numbers: int) -> Any:
    """A proof as somebody reads it from its file."""
    return json.loads(json.dumps(tree.proof(numbers)))


def as_file(proof: Any) -> bytes:
    """A proof as a file."""
    return json.dumps(proof).encode()


@given(st.integers(0, 70), st.data())
def test_every_line_of_every_size_is_proved_alone(records: int, data: st.DataObject) -> None:
    tree = Tree(SEED, lines_of(records))
    number = data.draw(st.integers(0, records + 1))

    found = verified(as_file(tree.proof([number])), tree.root.hex())

    assert len(found.records) == (number >= 2)
    assert (found.counts is not None) == (number == 1)
    if number >= 2:
        assert found.records[0]["national_id"] == str(number - 2)


def test_a_proof_tells_nothing_of_the_other_records() -> None:
    lines = lines_of(9)
    tree = Tree(SEED, lines)
    text = json.dumps(tree.proof([4]))
    others = [number for number in range(2, 11) if number != 4]

    assert not any(f"ด.ช.{number - 2}" in text for number in others)
    assert not any(tree.salts[number].hex() in text for number in others)
    assert SEED.hex() not in text


def test_nobody_who_guesses_a_sibling_can_try_the_guess() -> None:
    """The sibling's whole record is known but for its salt: its hash in the path is still not met."""
    lines = lines_of(2)
    path = proof_of(Tree(SEED, lines), 2)["shown"][1]["path"]

    assert proving.leaf_hash(b"", lines[3]).hex() not in path
    assert proving.leaf_hash(Tree(SEED, lines).salts[2], lines[3]).hex() not in path


def test_a_records_place_in_the_tree_does_not_follow_its_number() -> None:
    places = {tuple(Tree(bytes([seed]) * 32, lines_of(6)).order) for seed in range(20)}

    assert len(places) > 15


def test_a_leaf_is_never_taken_for_a_node() -> None:
    """Second pre-image: a line made of two hashes does not stand for the node above them."""
    left, right = b"l" * 32, b"r" * 32

    assert proving.leaf_hash(b"", left + right) != proving.node_hash(left, right)


@pytest.mark.parametrize(
    "alter",
    [
        lambda proof: proof["shown"][1].update(leaf=proof["shown"][1]["leaf"].replace("ด.ช.3", "ด.ช.4")),
        lambda proof: proof["shown"][1].update(index=proof["shown"][1]["index"] - 1),
        lambda proof: proof["shown"][1].update(salt="00" * 32),
        lambda proof: proof["shown"][1]["path"].pop(),
        lambda proof: proof["shown"][1]["path"].append("00" * 32),
        lambda proof: proof["shown"][1].update(path=["00" * 32] * 2_000),
        lambda proof: proof.update(leaves=proof["leaves"] + 1),
        lambda proof: proof.update(root="00" * 32),
        lambda proof: proof["shown"].pop(0),
        lambda proof: proof.update(form="thabian-proof/9"),
        lambda proof: proof.pop("root"),
        lambda proof: proof.update(shown="x"),
    ],
)
def test_whatever_is_altered_in_a_proof_is_noticed(alter: Any) -> None:
    tree = Tree(SEED, lines_of(8))
    proof = proof_of(tree, 5)
    alter(proof)

    with pytest.raises(Broken):
        verified(as_file(proof), tree.root.hex())


def test_a_proof_of_another_snapshot_is_refused() -> None:
    mine, others = Tree(SEED, lines_of(8)), Tree(SEED[::-1], lines_of(8))

    with pytest.raises(Broken):
        verified(as_file(others.proof([5])), mine.root.hex())


def test_a_whole_snapshot_is_verified_and_any_altered_byte_noticed() -> None:
    lines = lines_of(5)
    root, data = Tree(SEED, lines).root.hex(), proving.snapshot_file(SEED, lines)

    assert len(verified(data, root).records) == 5
    for at in range(0, len(data), 7):
        altered = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        with pytest.raises(Broken):
            verified(altered, root)
    for cut in (data[:-1], b"".join(data.splitlines(keepends=True)[:-1]), b"", b"{}", b"[]", b"\x00"):
        with pytest.raises(Broken):
            verified(cut, root)


def test_the_file_runs_by_itself_without_any_library(tmp_path: Path) -> None:
    """-I and -S: neither our package, nor the virtual environment's libraries are there."""
    tree = Tree(SEED, lines_of(8))
    proof = tmp_path / "proof.json"
    proof.write_bytes(as_file(tree.proof([5])))
    pdf = tmp_path / "certificate.pdf"
    pdf.write_bytes(b"%PDF-1.7\n/Keywords (thabian-snapshot:" + tree.root.hex().encode() + b")")

    def runs(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-I", "-S", str(PROVING), str(proof), *words]
        return subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)

    good, by_paper = runs("--root", tree.root.hex(), "--show"), runs("--certificate", str(pdf))
    bad = runs("--root", "00" * 32)

    assert (good.returncode, by_paper.returncode, bad.returncode) == (0, 0, 1)
    assert SCHOOL["name"] in good.stdout
    assert "ด.ช.3" in good.stdout
    assert "ด.ช.3" not in by_paper.stdout
    assert "ไม่ถูกต้อง" in bad.stderr
