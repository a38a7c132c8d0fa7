"""Pair this terminal by a one-time code, so that neither a lost answer nor a loss of power uses the code up in vain."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from recognition.edge.agent.answers import TOO_OFTEN, Refused, Unreachable
from recognition.edge.agent.client import Portal
from recognition.edge.agent.identity import Identity, Keeper, fingerprint, paired_by

logger = logging.getLogger(__name__)


class NotPaired(Exception):
    """There is no identity here and no code that gives one. The message says what to do."""


def establish(
    keeper: Keeper, portal: Portal, *, code: str, report: dict[str, Any], wait: Callable[[], bool]
) -> Identity:
    """Return the identity of this terminal, pairing first when `code` is a new one.

    While the portal cannot be reached it calls `wait`, and gives up when that says no. Raises NotPaired; BadCode.
    """
    used = keeper.current.code if keeper.current else ""
    if code and fingerprint(code) != used:
        while True:
            try:
                return _pair(keeper, portal, code=code, report=report)
            except Unreachable as unreachable:
                logger.warning("The portal cannot be reached for pairing (%s).", unreachable)
                if not wait():
                    break
    if keeper.current is None:
        raise NotPaired("This terminal is not paired. Start it with --pairing and the code that the portal shows.")
    return keeper.current


def _pair(keeper: Keeper, portal: Portal, *, code: str, report: dict[str, Any]) -> Identity:
    """Raises Unreachable, also when asked to come later; NotPaired when the portal refuses the code."""
    proposed = keeper.next
    if proposed is None or proposed.code != fingerprint(code):
        # On the disk before the portal hears of it: the code is good once, and so are these keys.
        proposed = keeper.propose(paired_by(code))
    elif _is_known(portal, proposed, report):
        return keeper.promote()
    try:
        answer = portal.pair(proposed, code=code, report=report)
    except Refused as refused:
        _wait_if_asked_to(refused)
        keeper.discard()
        raise NotPaired(f"The portal refuses this pairing code: {refused.code}.") from refused
    if answer.get("keyid") != proposed.keyid:
        keeper.discard()
        raise NotPaired("The portal answered the pairing with another key.")
    logger.info("Paired as %s at %s.", answer.get("name"), answer.get("access_point"))
    return keeper.promote()


def _is_known(portal: Portal, identity: Identity, report: dict[str, Any]) -> bool:
    """An earlier start sent these keys and did not hear the answer. Did they arrive?"""
    try:
        portal.heartbeat(identity, report=report)
    except Refused as refused:
        _wait_if_asked_to(refused)
        return False
    return True


def _wait_if_asked_to(refused: Refused) -> None:
    """“Too often” says nothing about the code: others may pair from the same address. Raises Unreachable."""
    if refused.status == TOO_OFTEN:
        raise Unreachable("the portal asks to come later") from refused
