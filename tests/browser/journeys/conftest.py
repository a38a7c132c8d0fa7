"""The scene of a journey, in each language."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.places import Stage
from tests.browser.scenes import Scene, scene
from tests.browser.test_pages import LANGUAGES


@pytest.fixture(params=LANGUAGES)
def play(request: pytest.FixtureRequest, stage: Stage, chromium: Browser, shots: Path) -> Iterator[Scene]:
    name = request.module.__name__.rpartition(".test_")[2]
    with scene(stage, chromium, request.param, shots / f"journey-{name}") as play:
        yield play
