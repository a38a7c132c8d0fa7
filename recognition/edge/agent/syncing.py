"""The terminal's talk with the portal: heartbeat, orders, receipts, events."""

from __future__ import annotations

import logging
import threading
from typing import Any

from recognition.edge.agent import enrolments, outbox, passes, rotation, work
from recognition.edge.agent.answers import BAD_REQUEST, TOO_LARGE, Refused, Unreachable
from recognition.edge.agent.terminal import Terminal

logger = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 30.0
MAX_BACKOFF_SECONDS = 60.0
RETIRED = "device_retired"


class Syncing:
    """One exchange at a time, whoever asks for it: the loop or the control socket."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._one = threading.Lock()
        self._news = threading.Event()
        self._is_stopping = threading.Event()
        self._failures = 0
        terminal.wake = self._news.set

    def now(self) -> str:
        """Exchange everything; return "" or the reason why not."""
        with self._one:
            try:
                self._exchange()
            except Unreachable as unreachable:
                self._failures += 1
                logger.warning("The portal cannot be reached (%s); attempt %d.", unreachable, self._failures)
                return "unreachable"
            except Refused as refused:
                self._failures += 1
                logger.error("The portal refuses this terminal: %s", refused)
                if refused.is_about_the_key:
                    self._terminal.cut_off(refused.code)
                return refused.code or "refused"
            self._failures = 0
            return ""

    def loop(self) -> None:
        """Until `stop`. After a failure it waits longer each time, up to a minute."""
        while not self._is_stopping.is_set():
            self._news.clear()
            try:
                self.now()
            except Exception:
                # A fault of one exchange must not end the terminal: its passes and its lease go on.
                logger.exception("The exchange with the portal failed.")
                self._failures += 1
            self._wait()

    def stop(self) -> None:
        self._is_stopping.set()
        self._news.set()

    def _wait(self) -> None:
        if self._failures == 0:
            self._news.wait(HEARTBEAT_SECONDS)
            return
        self._is_stopping.wait(min(2.0 ** (self._failures - 1), MAX_BACKOFF_SECONDS))

    def _exchange(self) -> None:
        terminal = self._terminal
        rotation.settle_rotation(terminal)
        is_retired = False
        try:
            lease = terminal.portal.heartbeat(terminal.identity, report=terminal.report())
        except Refused as refused:
            if refused.code != RETIRED:
                raise
            # Only the orders are open still: the last of them is the wipe.
            terminal.cut_off(RETIRED)
            is_retired = True
        else:
            terminal.take_lease(lease)
            passes.forget_old_cards(terminal)
        enrolments.expire(terminal)
        work.carry_out_all(terminal)
        if not is_retired:
            send_events(terminal)


def send_events(terminal: Terminal) -> None:
    """Deliver what happened at the door, in batches. Sending again after a lost answer changes nothing."""
    while batch := outbox.events(terminal.store):
        _send(terminal, batch)


def _send(terminal: Terminal, batch: list[dict[str, Any]]) -> None:
    try:
        refused = terminal.portal.report_events(terminal.identity, batch)
    except Refused as error:
        if error.status not in {BAD_REQUEST, TOO_LARGE}:
            raise
        if len(batch) > 1:  # one bad event must not keep back the others
            _send(terminal, batch[: len(batch) // 2])
            _send(terminal, batch[len(batch) // 2 :])
            return
        logger.error("The portal does not take an event of this terminal: %s", error)
        refused = []
    for one in refused:
        logger.warning("The portal refused an event: %s", one.get("code"))
    outbox.drop_events(terminal.store, [str(event["id"]) for event in batch])
