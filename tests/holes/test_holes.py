"""`make holes` plants mistakes and lets the sweeps find them; here, that each of them can still be planted."""

from pathlib import Path

import pytest

from tests.holes.__main__ import ROOT, run
from tests.holes.holes import HOLES, Hole


@pytest.mark.parametrize("hole", HOLES, ids=lambda hole: hole.mistake)
def test_every_hole_still_fits_the_source(hole: Hole, tmp_path: Path) -> None:
    copy = tmp_path / hole.file
    copy.parent.mkdir(parents=True)
    copy.write_text((ROOT / hole.file).read_text(encoding="utf-8"), encoding="utf-8")
    hole.plant(tmp_path)
    assert hole.new in copy.read_text(encoding="utf-8")
    compile(copy.read_text(encoding="utf-8"), hole.file, "exec")


def test_a_hole_that_no_longer_fits_is_refused(tmp_path: Path) -> None:
    (tmp_path / "page.py").write_text("nothing of the kind", encoding="utf-8")
    with pytest.raises(ValueError, match="0 times"):
        Hole("a mistake", "page.py", "permission", "", ()).plant(tmp_path)


@pytest.mark.drill
def test_every_hole_is_found() -> None:
    told: list[str] = []
    assert run(say=told.append) == 0, "\n".join(told)
