"""A card, a PIN or a QR pass at the door: asked of the portal, whatever the state of faces (Measures Art 10)."""

from __future__ import annotations

import hashlib
import hmac
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from recognition.edge.agent import outbox, rules
from recognition.edge.agent.answers import Refused, Unreachable, moment
from recognition.edge.agent.deciding import Answer, told
from recognition.edge.agent.terminal import Terminal

logger = logging.getLogger(__name__)

CARD = "card"
PIN = "pin"
QR = "qr"

# How long before the portal was last heard a card may have been accepted, to open while it is away. A card that was
# stopped and not shown here since then opens during an outage; a day bounds that, as it bounds the faces.
REMEMBERED = timedelta(hours=24)
_ALONE = {PIN: rules.PIN_UNAVAILABLE, QR: rules.OUT_OF_ORDER}


def show_pass(
    terminal: Terminal, *, kind: str, card: str = "", number: str = "", pin: str = "", qr: str = ""
) -> Answer:
    """Decide about one pass. PIN and QR need the portal, which counts their attempts and their uses."""
    given = {CARD: {"card": card}, PIN: {"number": number, "pin": pin}, QR: {"qr": qr}}[kind]
    used = terminal.identity
    try:
        answer = told(terminal.portal.try_pass(used, {"kind": kind, **given}))
    except Unreachable:
        return _alone(terminal, kind, card)
    except Refused as refused:
        if not refused.is_about_the_key:
            return Answer(False, refused.code, rules.sentence(refused.code), None)
        # A key that was stopped locks out nobody's card.
        if not terminal.changes_keys(since=used):
            with _if_the_disk_takes_it():
                terminal.cut_off(refused.code)
        return _alone(terminal, kind, card)
    if kind == CARD:
        with _if_the_disk_takes_it():
            _remember(terminal, card, is_accepted=answer.allowed)
    return answer


@contextmanager
def _if_the_disk_takes_it() -> Iterator[None]:
    """A disk that is full or broken keeps nobody's card from opening."""
    try:
        yield
    except sqlite3.Error:
        logger.exception("The store cannot be written.")


def forget_old_cards(terminal: Terminal) -> None:
    """After each heartbeat: cards that were not accepted lately are not remembered."""
    oldest = terminal.clock.now() - REMEMBERED
    with terminal.store.transaction():
        for known, accepted_at in terminal.store.rows("SELECT hash, accepted_at FROM cards"):
            if moment(accepted_at) < oldest:
                terminal.store.write("DELETE FROM cards WHERE hash = ?", known)


def _remember(terminal: Terminal, card: str, *, is_accepted: bool) -> None:
    known = _hash(terminal, card)
    if is_accepted:
        at = terminal.clock.now().isoformat()
        terminal.store.write("INSERT OR REPLACE INTO cards VALUES (?, ?)", known, at)
    else:
        terminal.store.write("DELETE FROM cards WHERE hash = ?", known)


def _alone(terminal: Terminal, kind: str, card: str) -> Answer:
    allowed, rule = False, _ALONE.get(kind, rules.UNKNOWN_CARD)
    if kind == CARD and terminal.store.rows("SELECT 1 FROM cards WHERE hash = ?", _hash(terminal, card)):
        allowed, rule = True, rules.PASS_ALLOWED
    event = None
    with _if_the_disk_takes_it():
        event = outbox.write_event(terminal.store, at=terminal.clock.now(), method=kind, allowed=allowed, rule=rule)
    terminal.wake()
    return Answer(allowed, rule, rules.sentence(rule), event, alone=True)


def _hash(terminal: Terminal, card: str) -> bytes:
    """Keyed, because a card's number is short enough to be guessed from a plain hash."""
    key = hmac.digest(terminal.identity.store_key, b"consentry-agent-cards-1", hashlib.sha256)
    return hmac.digest(key, card.strip().upper().encode(), hashlib.sha256)
