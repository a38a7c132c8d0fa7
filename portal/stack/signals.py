"""Turn the signals that end a program into exceptions, so that `with` blocks clean up."""

import signal
import threading
from types import FrameType
from typing import Any


class Stopped(KeyboardInterrupt):
    """Somebody asked the program to end (SIGTERM, or the terminal is gone).

    A kind of Ctrl-C, because that is what every program already ends for, pytest included.
    """


def stop(number: int, _frame: FrameType | None) -> None:
    raise Stopped(signal.Signals(number).name)


class Signals:
    """Handlers of this process while a stack runs; the ones before come back with `restore`."""

    def __init__(self) -> None:
        self._before: dict[int, Any] = {}

    def install(self) -> None:
        """Handle SIGINT, SIGTERM and SIGHUP. Only the main thread may, and somebody else's handler stays."""
        if threading.current_thread() is not threading.main_thread():
            return
        for number in (signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is signal.SIG_DFL:
                self._before[number] = signal.signal(number, stop)
        # A shell starts background programs with SIGINT ignored; `kill -INT` shall still work.
        if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
            self._before[signal.SIGINT] = signal.signal(signal.SIGINT, signal.default_int_handler)

    def ignore(self) -> None:
        """From here on we are stopping; a second Ctrl-C must not interrupt that."""
        if threading.current_thread() is not threading.main_thread():
            return
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            handler = signal.signal(number, signal.SIG_IGN)
            self._before.setdefault(number, handler)

    def restore(self) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler if handler is not None else signal.SIG_DFL)
        self._before.clear()
