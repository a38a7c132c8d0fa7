"""Whether there is a liveness test, seen from the files alone. How it is used: test_deepface_engine.py."""

import hashlib
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from recognition.engine import liveness, weights
from recognition.engine.liveness import Liveness


@pytest.fixture
def home(tmp_path: Path) -> Path:
    weights.folder(tmp_path).mkdir(parents=True)
    return tmp_path


def test_the_test_is_required_where_both_files_are(home: Path) -> None:
    first, second = (weights.folder(home) / name for name in liveness.FILES)
    assert liveness.state(home) is Liveness.ABSENT
    first.touch()
    assert liveness.state(home) is Liveness.ABSENT, "half a test is none"
    second.touch()
    assert liveness.state(home) is Liveness.ON


def test_the_setting_switches_it_off(home: Path, settings: Any) -> None:
    for name in liveness.FILES:
        (weights.folder(home) / name).touch()
    settings.FACE_ANTI_SPOOFING = "off"
    assert liveness.state(home) is Liveness.OFF


def test_files_are_compared_with_the_sums_that_were_written_down(home: Path, settings: Any) -> None:
    for name in liveness.FILES:
        (weights.folder(home) / name).write_bytes(name.encode())
    liveness.verify(home)  # nothing was written down
    settings.FACE_ANTI_SPOOFING_SHA256 = [hashlib.sha256(name.encode()).hexdigest() for name in liveness.FILES]
    liveness.verify(home)
    settings.FACE_ANTI_SPOOFING_SHA256.reverse()
    with pytest.raises(weights.WeightsError, match="FACE_ANTI_SPOOFING_SHA256"):
        liveness.verify(home)


def test_every_state_has_a_sentence_and_none_claims_a_certificate() -> None:
    assert len({str(liveness.sentence(state)) for state in Liveness}) == len(Liveness)


def test_the_files_are_those_that_deepface_asks_for() -> None:
    """Read from its source: importing it would start TensorFlow."""
    program = "import importlib.util as u; print(u.find_spec('deepface').submodule_search_locations[0])"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    source = (Path(ran.stdout.strip()) / "models" / "spoofing" / "tf" / "FasNet.py").read_text()
    assert all(f'file_name="{name}"' in source for name in liveness.FILES)


def test_the_web_process_may_ask_without_a_library() -> None:
    program = (
        "import sys\n"
        "from django.conf import settings; settings.configure(DEEPFACE_HOME='/nowhere')\n"
        "from recognition.engine import liveness, quality\n"
        "print(liveness.state(), [name for name in ('numpy', 'PIL', 'deepface') if name in sys.modules])\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "absent []"
