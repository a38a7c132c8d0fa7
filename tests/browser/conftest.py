"""One stack with something on every page, and one browser, for all tests of this folder."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from portal.stack.run import Stack
from tests.browser import pseudo
from tests.browser.places import Stage
from tests.browser.stage import set_up

PASSWORD = "only-for-the-browser-9d2e"


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A running portal with a face enrolled, one erased, requests, a blocked device, an open draft."""
    longer = tmp_path_factory.mktemp("locale")
    pseudo.write(longer)
    outer = {"DEMO_PASSWORD": PASSWORD, "CONSENTRY_SETTINGS": "tests.browser.settings", "PSEUDO_LOCALE": str(longer)}
    with Stack(outer=outer) as stack:
        try:
            worker = stack.processes["default"].pid
            assert worker is not None
            layout, database = stack.layout, stack.env("owner")["DATABASE_URL_OWNER"]
            known = {"outbox": layout.outbox, "mail": layout.mail, "worker": worker, "database": database}
            stage = set_up(stack.url, PASSWORD, **known)
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
