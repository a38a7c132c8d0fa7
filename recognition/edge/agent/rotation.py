"""New keys on order (device-protocol.md, 7), and what to do when the answer to them was lost."""

from __future__ import annotations

from recognition.edge.agent.answers import Refused
from recognition.edge.agent.identity import with_new_keys
from recognition.edge.agent.terminal import Terminal


def rotate(terminal: Terminal) -> None:
    """Make new keys. They are on the disk before the portal hears of them, so a lost answer loses no key."""
    keeper = terminal.keeper
    terminal.portal.rotate(terminal.identity, to=keeper.propose(with_new_keys(terminal.identity)))
    keeper.promote()


def settle_rotation(terminal: Terminal) -> None:
    """After a lost answer: does the portal know the new keys? Raises Unreachable or Refused.

    Keys of another pairing are not asked for here: they belong to another store, and a new start settles them.
    """
    keeper = terminal.keeper
    if keeper.next is None or keeper.next.store != terminal.identity.store:
        return
    try:
        terminal.portal.heartbeat(keeper.next, report=terminal.report())
    except Refused as refused:
        if refused.code != "unknown_key":
            raise
        keeper.discard()
        return
    keeper.promote()
