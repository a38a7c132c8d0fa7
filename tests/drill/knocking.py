"""Somebody who knocks at a door for erased people without a pause, from before the port answers until told to stop."""

import itertools
import threading
import time
from collections import Counter
from collections.abc import Sequence
from types import TracebackType
from typing import Self

import httpx

from tests.photos import photo
from tests.rehearsal import play
from tests.rehearsal.visitors import Surprise, Terminal

PAUSE = 0.03
PHOTO_EVERY = 20  # knocks; with a photo the face worker looks, by id the terminal has recognised the face itself


class Knocker:
    """While it is entered, it knocks. `kept` is somebody whose face still opens the door: else a no proves nothing."""

    def __init__(self, terminal: Terminal, *, erased: Sequence[str], kept: str) -> None:
        self._terminal, self._erased, self._kept = terminal, itertools.cycle(erased), kept
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._knock)
        self.rules: Counter[str] = Counter()  # what erased people were told
        self.silent = self.kept_came_in = 0
        self.came_in: list[str] = []
        self.broken: BaseException | None = None

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    @property
    def answered(self) -> int:
        return sum(self.rules.values())

    def wait_for(self, knocks: int, *, seconds: float = 60.0) -> None:
        """Wait for so many more answers. Raises AssertionError when somebody came in, or nobody answers."""
        until, wanted = time.monotonic() + seconds, self.answered + knocks
        while self.answered < wanted:
            assert time.monotonic() < until, f"only {self.answered} of {wanted} knocks were answered: {self.rules}"
            self.hold()
            time.sleep(PAUSE)

    def hold(self) -> None:
        """Raise AssertionError with whoever came in, or with what broke the knocking."""
        assert self.broken is None, repr(self.broken)
        assert not self.came_in, f"{len(self.came_in)} erased people came in: {self.came_in[:3]}"

    def _knock(self) -> None:
        picture = photo(play.SAME)
        try:
            for count in itertools.count(1):
                if self._over.wait(PAUSE):
                    return
                person = next(self._erased)
                try:
                    answer = self._ask(person, picture if count % PHOTO_EVERY == 0 else None)
                    self.rules[answer["rule"]] += 1
                    if answer["allowed"]:
                        self.came_in.append(person)
                    if count % PHOTO_EVERY == 1 and self._ask(self._kept, None)["allowed"]:
                        self.kept_came_in += 1
                except (httpx.TransportError, Surprise):
                    self.silent += 1  # not up yet, restarting, or locked by the restore
        except Exception as broken:
            self.broken = broken

    def _ask(self, person: str, picture: bytes | None) -> dict[str, object]:
        if picture is not None:
            return self._terminal.ask(picture, person=person)
        return self._terminal.decide(person)
