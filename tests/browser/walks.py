"""Somebody who goes through the pages, whose screens and filled fields are counted."""

import re
import time
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.test_pages import examine, picture, too_wide


@dataclass
class Walk:
    """A person at a browser. With `shots`, the beginning of a file's name, each screen may be kept as a picture.

    A browser without JavaScript runs no axe either: its pages are looked at in the other walks.
    """

    page: Page
    screens: list[str] = field(default_factory=list)
    fields: int = 0
    faults: list[str] = field(default_factory=list)
    shots: str = ""
    has_script: bool = True

    def see(self, name: str, path: str = "") -> None:
        """Wait for a screen, count it, and let axe look at it."""
        self.page.wait_for_url(f"**/{path or name}/", timeout=10_000)
        self._look(name)

    def see_below(self, name: str, sign: str) -> None:
        """The same for a screen that answers at the address of the one before."""
        self.page.wait_for_selector(sign, timeout=10_000)
        self._look(name)

    def type(self, **texts: str) -> None:
        for name, text in texts.items():
            self.page.fill(f"main [name={name}]", text)
            self.fields += 1

    def tick(self, field: str) -> None:
        self.page.check(field)
        self.fields += 1

    def choose(self, field: str, name: str, picture: bytes) -> None:
        self.page.set_input_files(field, {"name": name, "mimeType": "image/jpeg", "buffer": picture})
        self.fields += 1

    def _look(self, name: str) -> None:
        self.screens.append(name)
        seen = [*too_wide(self.page), *(examine(self.page) if self.has_script else [])]
        self.faults += [f"{name}: {fault}" for fault in seen]
        if self.shots:
            picture(self.page, Path(f"{self.shots}-{len(self.screens):02d}-{name.replace(' ', '-')}.png"))


def one_time_code(outbox: Path, *, to: str, request: str) -> str:
    """Wait for the text message to this phone about the request of this number, and read the six digits in it."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        for letter in sorted(outbox.glob("*.txt"), reverse=True):
            if found := re.search(rf"To: {to}\n.*?验证码 (\d{{6}})[^\n]*{request}", letter.read_text(), re.DOTALL):
                return found.group(1)
        time.sleep(0.1)
    raise AssertionError(f"no code was sent to {to}")
