"""The parts of one terminal, and what it knows of itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from recognition.edge.agent import FIRMWARE, rules
from recognition.edge.agent.answers import Lease
from recognition.edge.agent.client import Portal
from recognition.edge.agent.clock import Clock
from recognition.edge.agent.faces import Faces
from recognition.edge.agent.identity import Identity, Keeper
from recognition.edge.agent.store import Store, forget_others
from recognition.edge.agent.templates import Templates
from recognition.engine.protocol import FaceEngine


@dataclass(frozen=True)
class Declared:
    """What the vendor says that this terminal runs; it must be what the property has assessed (Measures Art 9)."""

    algorithm: str
    algorithm_version: str

    def as_report(self) -> dict[str, Any]:
        return {"firmware": FIRMWARE, **asdict(self)}


@dataclass
class Terminal:
    """A paired terminal. `wake` asks the loop to speak to the portal soon."""

    keeper: Keeper
    portal: Portal
    clock: Clock
    engine: FaceEngine
    declared: Declared
    store: Store
    templates: Templates
    faces: Faces
    wake: Callable[[], None] = field(default=lambda: None)

    @property
    def identity(self) -> Identity:
        if self.keeper.current is None:
            raise RuntimeError("This terminal is not paired.")
        return self.keeper.current

    def report(self) -> dict[str, Any]:
        return self.declared.as_report() | {
            "model": self.engine.model_version,
            "faces": self.templates.count(),
            "last_order": self.store.last_order,
        }

    def take_lease(self, lease: Lease) -> None:
        """Keep the portal's last word on this door, and the time, for the next start too."""
        held = asdict(lease)
        for name in ("faces_until", "server_time"):
            held[name] = held[name].isoformat()
        with self.store.transaction():
            self.store.put("lease", held)
            self.store.put("clock", self.clock.kept())
            self.store.put("cut_off", "")

    def cut_off(self, code: str) -> None:
        """The portal does not know this key any more: no face until it does again."""
        self.store.put("cut_off", code)

    def changes_keys(self, *, since: Identity) -> bool:
        """Whether a refusal of this key may only mean that a rotation is under way, or was done meanwhile."""
        following = self.keeper.next
        return self.identity is not since or (following is not None and following.store == since.store)

    def lease(self) -> Lease | None:
        held = self.store.get("lease")
        return Lease.read(held) if held else None

    def refusal(self, mode: str, *, now: datetime) -> str:
        """Why no face may be used now; empty when it may."""
        return rules.refusal(self._facts(), mode=mode, now=now)

    def stopped(self, *, now: datetime) -> str:
        """Why no face may be taken now, whatever the mode and the hours; empty when it may."""
        return rules.why_stopped(self._facts(), now=now)

    def _facts(self) -> rules.Facts | None:
        lease = self.lease()
        if lease is None:
            return None
        return rules.Facts(
            state=lease.state,
            mode=lease.mode,
            faces_until=lease.faces_until,
            hours=lease.hours,
            is_cut_off=bool(self.store.get("cut_off")),
            is_clock_trusted=self.clock.is_trusted,
        )


def open_store(keeper: Keeper) -> tuple[Store, Templates]:
    """The store of the present pairing; those of earlier ones go."""
    identity = keeper.current
    if identity is None:
        raise RuntimeError("This terminal is not paired.")
    forget_others(keeper.home, name=identity.store)
    store = Store(keeper.home, name=identity.store)
    return store, Templates(store, key=identity.store_key)


def remembered_clock(store: Store, clock: Clock) -> Clock:
    """Go on with the portal's time of the last run, unless this run has heard it already."""
    held = store.get("clock")
    if held:
        clock.resume(held)
    return clock


def load_faces(store: Store, templates: Templates, engine: FaceEngine) -> Faces:
    """Everything that this engine's model made."""
    faces = Faces(threshold=engine.threshold, margin=engine.margin, lock=store.lock)
    for held in templates.load(model=engine.model_version):
        faces.put(held.person, held.rows, is_suspended=held.is_suspended)
    return faces
