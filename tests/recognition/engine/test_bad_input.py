"""A thousand hostile files and all our pictures, in a process of its own: it lives, stays small, leaves nothing."""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from PIL import Image

from recognition.engine import weights
from recognition.engine.codes import RejectionCode
from tests import photos
from tests.mutations import DAMAGES, mutated

FILES = 1000


def test_the_damage_is_the_same_on_every_run_and_of_every_kind() -> None:
    first, second = list(mutated(90)), list(mutated(90))
    assert first == second
    assert set(Counter(name for name, _data in first).values()) == {90 // len(DAMAGES)}
    assert len({data for _name, data in first}) > 80


@pytest.mark.model
def test_a_thousand_hostile_files_neither_crash_nor_swell_the_worker_and_leave_no_file(tmp_path: Path) -> None:
    photos.fetch()
    home, desk = tmp_path / "models", tmp_path / "desk"
    desk.mkdir()
    weights.provision(home)
    root = Path(__file__).parents[3]
    program = [sys.executable, "-m", "tests.recognition.engine.endurance", str(home), str(FILES)]
    places = {"TMPDIR": str(desk), "KERAS_HOME": str(tmp_path / "keras"), "PYTHONPATH": str(root)}
    places["CONSENTRY_PHOTOS"] = str(photos.folder())
    ran = subprocess.run(program, capture_output=True, text=True, check=False, cwd=desk, env=os.environ | places)
    assert ran.returncode == 0, ran.stderr[-2000:]
    said = json.loads(ran.stdout.splitlines()[-1])
    assert said["grew_mb"] < 200
    assert said["peak_grew_mb"] < 200
    assert said["written"] == []
    assert list(desk.iterdir()) == []
    outcomes = Counter(said["outcomes"])
    assert outcomes.total() > FILES
    assert set(outcomes) <= {code.value for code in RejectionCode} | {"accepted"}
    assert outcomes["accepted"] >= 20, "damage that reaches the models is part of it"
    assert outcomes["damaged"] >= 400


def test_a_whole_photo_of_the_largest_size_is_decoded_in_bounded_memory() -> None:
    """Pillow holds four bytes a pixel: 50 megapixels once and a bounded copy, not three times over."""
    program = (
        "import resource, sys\n"
        "from django.conf import settings; settings.configure()\n"
        "from recognition.engine.photos import decode\n"
        "small, large = (bytes.fromhex(line) for line in sys.stdin.read().split())\n"
        "decode(small)\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "decode(large)\n"
        "print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)\n"
    )
    large = photos.encoded(Image.new("RGB", (7000, 7000), "teal"), "PNG")
    given = f"{photos.encoded(Image.new('RGB', (70, 70)), 'PNG').hex()} {large.hex()}"
    ran = subprocess.run([sys.executable, "-c", program], input=given, capture_output=True, text=True, check=True)
    assert int(ran.stdout) < 350
