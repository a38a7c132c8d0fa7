"""A face at the door: looked at here, asked of the portal, decided alone only when there is no answer."""

from __future__ import annotations

import logging
import uuid
from dataclasses import asdict, dataclass

from recognition.edge.agent import outbox, rules
from recognition.edge.agent.answers import CONFLICT, TOO_OFTEN, Decision, Refused, Unreachable
from recognition.edge.agent.terminal import Terminal
from recognition.engine.codes import FaceRejected
from recognition.engine.quality import AT_THE_DOOR

logger = logging.getLogger(__name__)

VERIFY = "verify"
IDENTIFY = "identify"
FACE = "face"


@dataclass(frozen=True)
class Answer:
    """What the door does, and why. Never a score and never a name."""

    allowed: bool
    rule: str
    sentence: str
    event: str | None
    alone: bool = False  # decided without the portal

    def as_dict(self) -> dict[str, object]:
        return asdict(self)


def told(decision: Decision) -> Answer:
    sentence = decision.sentence or rules.sentence(decision.rule)
    return Answer(decision.allowed, decision.rule, sentence, decision.event)


def look(terminal: Terminal, *, photo: bytearray, person: uuid.UUID | None = None) -> Answer:
    """Decide about the person before the camera; with `person` 1:1, without 1:N. The photo is overwritten."""
    mode = IDENTIFY if person is None else VERIFY
    try:
        refused = terminal.refusal(mode, now=terminal.clock.now())
        if refused:  # nobody's face is looked at where it may not be used
            return _refuse(terminal, mode, refused)
        # Read as bytes are, and unlike bytes overwritten afterwards.
        probe = terminal.engine.represent(photo, limits=AT_THE_DOOR).embedding  # type: ignore[arg-type]
    except FaceRejected as rejected:
        return _refuse(terminal, mode, str(rejected.code))
    except Exception:
        # A missing or broken model: the face is out of order, and the passes are not.
        logger.exception("The face could not be looked at.")
        return _refuse(terminal, mode, rules.TIMEOUT)
    finally:
        photo[:] = bytes(len(photo))
    found, rule = terminal.faces.verify(probe, person) if person else terminal.faces.identify(probe)
    probe.fill(0)
    if found is None:
        return _refuse(terminal, mode, rule)
    return _ask(terminal, found, mode)


def _ask(terminal: Terminal, person: uuid.UUID, mode: str) -> Answer:
    used = terminal.identity
    try:
        return told(terminal.portal.decide(used, person=person, mode=mode))
    except Unreachable:
        return _alone(terminal, person, mode)
    except Refused as refused:
        if refused.is_about_the_key and terminal.changes_keys(since=used):
            return _alone(terminal, person, mode)  # as without an answer: within the lease, by the last state
        if refused.is_about_the_key:
            terminal.cut_off(refused.code)
            return _refuse(terminal, mode, rules.DEVICE_NOT_ACTIVE)
        is_busy = refused.status == TOO_OFTEN or refused.code == CONFLICT
        return _refuse(terminal, mode, rules.TIMEOUT if is_busy else rules.NOT_CLEARED)


def _alone(terminal: Terminal, person: uuid.UUID, mode: str) -> Answer:
    """By the lease and the last state. Asked again, because the wait for the portal took its time."""
    with terminal.store.transaction():
        now = terminal.clock.now()
        rule = terminal.refusal(mode, now=now)
        if not rule and not terminal.faces.may_use(person):
            rule = rules.NOT_CLEARED
        if rule:
            return _refuse(terminal, mode, rule, alone=True)
        event = outbox.write_event(
            terminal.store, at=now, method=FACE, mode=mode, person=person, allowed=True, rule=rules.MATCHED
        )
    terminal.wake()
    return Answer(True, rules.MATCHED, rules.sentence(rules.MATCHED), event, alone=True)


def _refuse(terminal: Terminal, mode: str, rule: str, *, alone: bool = False) -> Answer:
    event = outbox.write_event(
        terminal.store, at=terminal.clock.now(), method=FACE, mode=mode, allowed=False, rule=rule
    )
    terminal.wake()
    return Answer(False, rule, rules.sentence(rule), event, alone)
