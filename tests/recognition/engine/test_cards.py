"""The cards, the command, the documentation and DeepFace's own source say the same of each model."""

import ast
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import override_settings

from recognition.engine import cards, checks, fetched, liveness, weights
from recognition.engine.cards import CARDS, DESCRIBERS, ModelCard

DOCS = Path(__file__).parents[3] / "docs"


@pytest.fixture(scope="module")
def deepface() -> Path:
    """DeepFace's folder, found without importing it: that would start TensorFlow."""
    program = "import importlib.util as u; print(u.find_spec('deepface').submodule_search_locations[0])"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return Path(ran.stdout.strip())


@pytest.fixture(scope="module")
def sections() -> dict[str, str]:
    """The documentation of each model by its name."""
    _before, *parts = re.split(r"^## ", (DOCS / "model-cards.md").read_text(), flags=re.MULTILINE)
    return {part.split("\n", 1)[0].split(" (")[0].strip(): part for part in parts}


@pytest.mark.parametrize("card", CARDS.values(), ids=CARDS)
def test_the_documentation_says_what_the_card_says(card: ModelCard, sections: dict[str, str]) -> None:
    section = " ".join(sections[card.name].split())
    facts = [card.licence, card.source, *card.packaged, *card.limits]
    facts += [weight.sha256 for weight in weights.WEIGHTS if weight.name in card.packaged]
    facts += [fact for file in card.files for fact in (file.name, file.address)]
    if card.files:
        facts.append("SHA-256: not known to us")
    if card.dimension:
        facts += [f"{card.dimension} numbers", card.metric, f"threshold {card.threshold}", f"margin {card.margin}"]
    for at in card.measured:
        rates = [f"{rate:.1%} (up to {most:.1%})" for rate, most in ((at.fmr, at.fmr_up_to), (at.fnmr, at.fnmr_up_to))]
        facts.append(f"| {at.threshold:.3f} | {' | '.join(rates)} |")
    assert [fact for fact in facts if fact not in section] == []


def test_nothing_is_documented_that_is_no_card(sections: dict[str, str]) -> None:
    assert set(sections) == {*CARDS, "Not offered"}


def test_the_command_prints_the_card_of_each_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with override_settings(DEEPFACE_HOME=tmp_path):
        call_command("provision_models", "--json")
    rows = {row["name"]: row for row in json.loads(capsys.readouterr().out)}
    for card in (cards.MTCNN, cards.LANDMARKS, cards.DLIB):
        for name in card.packaged:
            assert rows[name]["card"] == json.loads(json.dumps(card.as_dict()))
            assert rows[name]["licence"] == card.licence
    dlib = rows["dlib_face_recognition_resnet_model_v1.dat"]["card"]
    assert (dlib["dimension"], dlib["metric"], dlib["threshold"]) == (128, "cosine", 0.935)
    assert dlib["measured"][2] == {"threshold": 0.935, "fmr": 0.0, "fmr_up_to": 0.019, "fnmr": 0.0, "fnmr_up_to": 0.058}
    assert "Weak on some groups" in dlib["limits"][0]


def test_every_packaged_file_has_one_card() -> None:
    assert {weight.name for weight in weights.WEIGHTS} == {name for card in CARDS.values() for name in card.packaged}


@pytest.mark.parametrize("card", [card for card in CARDS.values() if card.files], ids=lambda card: card.name)
def test_the_files_and_addresses_are_those_that_deepface_asks_for(card: ModelCard, deepface: Path) -> None:
    engines = ("onnx",) if card.runtime == "onnx" else ("tf",)
    sources = [path.read_text() for engine in engines for path in deepface.glob(f"models/*/{engine}/*.py")]
    for file in card.files:
        assert any(f'file_name="{file.name}"' in source and file.address in source for source in sources)


@pytest.mark.parametrize("card", [card for card in DESCRIBERS.values() if card.files], ids=lambda card: card.name)
def test_a_threshold_that_we_did_not_measure_is_deepfaces_own(card: ModelCard, deepface: Path) -> None:
    table = ast.literal_eval((deepface / "config" / "threshold.py").read_text().partition("thresholds = ")[2])
    assert card.threshold == pytest.approx(1 - table[card.name]["cosine"])
    assert any("Not measured here" in limit for limit in card.limits)


def test_the_liveness_test_has_the_files_of_its_card(settings: Any) -> None:
    assert tuple(file.name for file in cards.FASNET.files) == liveness.FILES
    settings.FACE_ANTI_SPOOFING_SHA256 = ["A" * 64, "b" * 64]
    assert list(fetched.sums(cards.FASNET).values()) == ["a" * 64, "b" * 64]


@pytest.mark.parametrize("name", [name for name, card in DESCRIBERS.items() if not card.is_commercial])
def test_a_non_commercial_model_needs_a_reason(name: str, settings: Any) -> None:
    settings.FACE_MODEL, settings.CONSENTRY_ROLE = name, "recognition"
    with pytest.raises(cards.ModelRefused, match="FACE_MODEL_LICENCE_REASON"):
        cards.chosen()
    assert [message.id for message in checks.model_is_measured(None)] == ["engine.E002"]
    settings.FACE_MODEL_LICENCE_REASON = "A university's own study, contract of 2026-03-01"
    assert cards.chosen().name == name


def test_an_unknown_model_is_refused(settings: Any) -> None:
    settings.FACE_MODEL = "Buffalo_L"
    with pytest.raises(cards.ModelRefused, match="no model of ours"):
        cards.chosen()


def test_a_threshold_of_nobodys_is_warned_of_until_the_site_measured_one(settings: Any) -> None:
    settings.CONSENTRY_ROLE = "recognition"
    assert checks.model_is_measured(None) == []
    settings.FACE_MODEL = "SFace"
    assert [message.id for message in checks.model_is_measured(None)] == ["engine.W002"]
    assert cards.threshold(cards.SFACE) == cards.SFACE.threshold
    settings.FACE_MODEL_THRESHOLD = 0.51
    assert checks.model_is_measured(None) == []
    assert cards.threshold(cards.SFACE) == 0.51
    assert cards.threshold(cards.DLIB) == cards.DLIB.threshold, "the model before keeps its own"
