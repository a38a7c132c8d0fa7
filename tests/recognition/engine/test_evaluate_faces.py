"""The command on a folder of photos: numbers, a picture, and one sentence for a table that cannot be used."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from recognition.engine import pairs
from tests.fakes import face_photo

SAME = [("li-1.jpg", "li-2.jpg"), ("wu-1.jpg", "wu-2.jpg")]
DIFFERENT = [("li-1.jpg", "wu-1.jpg"), ("li-1.jpg", "wu-2.jpg"), ("li-2.jpg", "wu-1.jpg"), ("li-2.jpg", "wu-2.jpg")]


def table(*rows: str) -> str:
    return "\n".join(("file_x,file_y,same", *rows)) + "\n"


ROWS = [*(f"{one},{other},yes" for one, other in SAME), *(f"{one},{other},no" for one, other in DIFFERENT)]


@pytest.fixture
def faces(tmp_path: Path) -> Path:
    """Two people, two photos each, in the fake engine's way: 0.98 alike."""
    folder = tmp_path / "faces"
    folder.mkdir()
    for who in ("li", "wu"):
        for day in (1, 2):
            (folder / f"{who}-{day}.jpg").write_bytes(face_photo(f"{who}/{day}"))
    (folder / "pairs.csv").write_text(table(*ROWS))
    return folder


def run(faces: Path, capsys: pytest.CaptureFixture[str], *options: str) -> str:
    call_command("evaluate_faces", "--faces", str(faces), *options)
    return capsys.readouterr().out


def numbers(faces: Path, capsys: pytest.CaptureFixture[str], *options: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(faces, capsys, "--json", *options))
    return found


def test_the_numbers_are_those_of_the_pairs(faces: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = numbers(faces, capsys)
    assert (found["pairs"], found["pairs_same"], found["pairs_different"]) == (6, 2, 4)
    assert (found["auc"], found["eer"], found["fmr"], found["fnmr"]) == (1.0, 0.0, 0.0, 0.0)
    assert 0.3 < found["threshold"] < 0.96
    assert found["fmr_interval"] == [0.0, pytest.approx(1 - 0.05**0.25)]
    assert found["in_use"]["threshold"] == 0.5
    assert found["failures_to_enroll"] == 0
    assert found["pairs_different_needed"] == 3000


def test_a_photo_without_a_face_is_a_failure_with_its_reason(faces: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (faces / "nobody.jpg").write_bytes(face_photo("x").partition(b"WHO:")[0])
    (faces / "pairs.csv").write_text(table(*ROWS, "nobody.jpg,li-1.jpg,no"))
    found = numbers(faces, capsys)
    assert (found["pairs"], found["pairs_given"]) == (6, 7)
    assert (found["failures_to_enroll"], found["failures_by_reason"]) == (1, {"no_face": 1})
    assert "nobody.jpg: no_face" in run(faces, capsys)


def test_groups_are_told_apart(faces: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (faces / "groups.csv").write_text("file,group\nli-1.jpg,a\nli-2.jpg,a\nwu-1.jpg,b\nwu-2.jpg,b\n")
    found = numbers(faces, capsys)["groups"]
    assert {name: (group["photos"], group["fnmr_of"], group["fmr_of"]) for name, group in found.items()} == {
        "a": (2, 1, 0),
        "b": (2, 1, 0),
        "across groups": (4, 0, 4),
    }
    assert found["a"]["fmr"] is None, "no pair of different people lies within the group"
    assert "group a: 2 photos, 0 refused" in run(faces, capsys)


def test_groups_may_stand_beside_the_pairs(faces: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [f"{row},{row[:2]},{row.split(',')[1][:2]}" for row in ROWS]
    (faces / "pairs.csv").write_text("\n".join(["file_x,file_y,same,group_x,group_y", *rows]))
    assert set(numbers(faces, capsys)["groups"]) == {"li", "wu", "across groups"}


def test_the_picture_holds_both_curves_and_no_name(faces: Path, capsys: pytest.CaptureFixture[str]) -> None:
    picture = faces.parent / "curves.svg"
    run(faces, capsys, "--picture", str(picture))
    drawn = picture.read_text()
    assert drawn.count("<polyline") == 2
    assert "ROC, area 1.0000" in drawn
    assert "DET, equal error 0.00%" in drawn
    assert "li-1" not in drawn
    assert "nan" not in drawn


def test_nothing_is_written_beside_the_photos(faces: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = {path: path.stat().st_mtime_ns for path in faces.parent.rglob("*")}
    run(faces, capsys, "--json")
    assert {path: path.stat().st_mtime_ns for path in faces.parent.rglob("*")} == before


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Line 1 of pairs.csv must name the columns file_x, file_y, same"),
        ("a,b\n", "Line 1 of pairs.csv must name"),
        (table("li-1.jpg,li-2.jpg,yes", "li-1.jpg,wu-1.jpg"), "Line 3 of pairs.csv has 2 columns instead of 3"),
        (table("li-1.jpg,li-2.jpg,maybe"), "Line 2 of pairs.csv says “maybe” under “same”: write yes or no"),
        (table("li-1.jpg,away.jpg,yes"), "Line 2 of pairs.csv names away.jpg, which is not in the folder"),
        (table("li-1.jpg,,yes"), "Line 2 of pairs.csv names no file"),
        (table("li-1.jpg,../secret.jpg,yes"), "Line 2 of pairs.csv names a file outside the folder"),
        (table("li-1.jpg,/etc/passwd,yes"), "Line 2 of pairs.csv names a file outside the folder"),
        (table("li-1.jpg,link.jpg,yes"), "Line 2 of pairs.csv names a file outside the folder"),
        (table("li-1.jpg,li-1.jpg,yes"), "Line 2 of pairs.csv compares li-1.jpg with itself"),
        (table("li-1.jpg,li-2.jpg,yes", "li-2.jpg,li-1.jpg,no"), "Line 3 of pairs.csv repeats the pair of line 2"),
        (table("li-1.jpg,li-2.jpg,yes"), "pairs.csv needs pairs of both kinds"),
        (table('li-1.jpg,"li-2.jpg,yes'), "Line 2 of pairs.csv is damaged"),
        (table("li-1.jpg,li-2\0.jpg,yes"), "Line 2 of pairs.csv"),
    ],
)
def test_a_table_that_cannot_be_used_is_told_by_its_line(faces: Path, text: str, sentence: str) -> None:
    (faces.parent / "secret.jpg").write_bytes(face_photo("secret"))
    (faces / "link.jpg").symlink_to(faces.parent / "secret.jpg")
    (faces / "pairs.csv").write_text(text)
    with pytest.raises(CommandError) as told:
        call_command("evaluate_faces", "--faces", str(faces))
    assert sentence in str(told.value)
    assert "\n" not in str(told.value)


def test_a_table_of_a_spreadsheet_is_taken_and_other_bytes_are_not(faces: Path) -> None:
    (faces / "pairs.csv").write_bytes(("\ufeff" + table(*ROWS)).replace("\n", "\r\n").encode())
    assert len(pairs.read(faces).pairs) == 6
    (faces / "pairs.csv").write_bytes(table(*ROWS).encode() + b"\xff\xfe,li-1.jpg,no\n")
    with pytest.raises(pairs.BadTable, match="not UTF-8"):
        pairs.read(faces)


def test_a_file_in_two_groups_is_told(faces: Path) -> None:
    (faces / "groups.csv").write_text("file,group\nli-1.jpg,a\nli-1.jpg,b\n")
    with pytest.raises(pairs.BadTable, match=r"Line 3 of groups\.csv puts li-1\.jpg into “b”"):
        pairs.read(faces)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--fmr", "0"], "--fmr is a share"),
        (["--picture", "curves.png"], "--picture writes SVG"),
        (["--engine", "Buffalo_L"], "no model of ours"),
        (["--engine", "tests.fakes.Nothing"], "Nothing"),
    ],
)
def test_an_option_that_makes_no_sense_is_told(faces: Path, options: list[str], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        call_command("evaluate_faces", "--faces", str(faces), *options)


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"pairs\.csv cannot be read"):
        call_command("evaluate_faces", "--faces", str(tmp_path / "away"))


def test_photos_that_all_fail_leave_nothing_to_measure(faces: Path) -> None:
    for photo in faces.glob("*.jpg"):
        photo.write_bytes(b"no photo")
    with pytest.raises(CommandError, match="Too few photos"):
        call_command("evaluate_faces", "--faces", str(faces))
