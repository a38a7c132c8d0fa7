"""One stack with something on every page, and one browser, for all tests of this folder."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from portal.stack.run import Stack
from tests.browser.places import Stage
from tests.browser.stage import set_up

PASSWORD = "only-for-the-browser-9d2e"


@pytest.fixture(scope="session")
def stage() -> Iterator[Stage]:
    """A running portal with a face enrolled, one erased, requests, a blocked device, an open draft."""
    with Stack(outer={"DEMO_PASSWORD": PASSWORD}) as stack:
        try:
            worker = stack.processes["default"].pid
            assert worker is not None
            stage = set_up(stack.url, PASSWORD, outbox=stack.layout.outbox, worker=worker)
        except AssertionError:
            # The log goes with the scratch stack; its end says why.
            print(stack.processes["web"].log.read_text()[-4000:])
            raise
        yield stage


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.fail("No Chromium was found. `make test` installs Debian's; elsewhere install chromium.")
    # Chromium refuses its sandbox to root.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    arguments += ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-quic"]
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def shots() -> Path:
    """The folder of the pictures; none is written without CONSENTRY_SHOTS."""
    return Path(os.environ.get("CONSENTRY_SHOTS", "shots"))
