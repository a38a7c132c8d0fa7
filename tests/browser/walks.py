"""Somebody who goes through the pages, whose screens and filled fields are counted."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Page, TimeoutError

from tests.browser.looking import examine, picture, too_wide


@dataclass
class Clock:
    """How long people take, in seconds: it stands while the test looks at a screen or prepares something."""

    taken: float = 0.0
    _since: float | None = None

    def go_on(self) -> None:
        self._since = time.monotonic() if self._since is None else self._since

    def stop(self) -> None:
        if self._since is not None:
            self.taken += time.monotonic() - self._since
            self._since = None

    @contextmanager
    def off(self) -> Iterator[None]:
        """What happens here costs nobody's time. A clock that stood before stands afterwards."""
        ran = self._since is not None
        self.stop()
        try:
            yield
        finally:
            if ran:
                self.go_on()


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
    # Whether axe looks at the screens, besides their width.
    has_axe: bool = True
    clock: Clock = field(default_factory=Clock)

    def open(self, address: str) -> None:
        """Come by a link or a code; from here on the person's time counts."""
        self.clock.go_on()
        self.page.goto(address)

    def see(self, name: str, path: str = "") -> None:
        """Wait for a screen, count it, and look at it."""
        # A star is one part of the path; the page may open at a place within it.
        address = re.compile(f"/{re.escape(path or name)}/(#.*)?$".replace(r"\*", "[^/]+"))
        self._wait(name, lambda: self.page.wait_for_url(address, timeout=10_000))

    def see_below(self, name: str, sign: str) -> None:
        """The same for a screen that answers at the address of the one before."""
        self._wait(name, lambda: self.page.wait_for_selector(sign, timeout=10_000))

    def type(self, **texts: str) -> None:
        for name, text in texts.items():
            self.fill(f"main [name={name}]", text)

    def fill(self, field: str, text: str) -> None:
        self.page.fill(field, text)
        self.fields += 1

    def pick(self, field: str, label: str) -> None:
        self.page.select_option(field, label=label)
        self.fields += 1

    def tick(self, field: str) -> None:
        self.page.check(field)
        self.fields += 1

    def choose(self, field: str, name: str, picture: bytes) -> None:
        self.page.set_input_files(field, {"name": name, "mimeType": "image/jpeg", "buffer": picture})
        self.fields += 1

    def _wait(self, name: str, wait: Callable[[], object]) -> None:
        try:
            wait()
        except TimeoutError:
            said = self.page.inner_text("main")[:1500]
            raise AssertionError(f"{name} never came; at {self.page.url} stands: {said}") from None
        self._look(name)

    def _look(self, name: str) -> None:
        with self.clock.off():
            self.screens.append(name)
            seen = [*too_wide(self.page), *(examine(self.page) if self.has_axe else [])]
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
