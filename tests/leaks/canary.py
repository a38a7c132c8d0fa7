"""One person who is like nobody else: what is said of them is found wherever it is."""

import secrets
from dataclasses import dataclass, field

from tests.leaks import traces
from tests.leaks.traces import Trace

# Characters that no text of the portal puts side by side.
_SIGNS = "峘嵘嵛峰岽岷峒屺岘岙峻嵊崮崴嵋嵎"


def _name() -> str:
    return "".join(secrets.choice(_SIGNS) for _ in range(4))


def _token() -> str:
    return f"canary{secrets.token_hex(6)}"


@dataclass(frozen=True)
class Canary:
    """Everything by which this person could be known, in Chinese and in ASCII."""

    name: str = field(default_factory=_name)
    token: str = field(default_factory=_token)
    phone: str = field(default_factory=lambda: f"139{secrets.randbelow(10**8):08}")

    @property
    def email(self) -> str:
        return f"{self.token}@example.com"

    @property
    def room(self) -> str:
        return f"R-{self.token}"

    @property
    def said(self) -> str:
        """A sentence that names the person, for every place where somebody may write one."""
        return f"{self.name} {self.token} {self.phone}"

    def traces(self) -> list[Trace]:
        parts = {"the name": self.name, "the token": self.token, "the phone": self.phone}
        return [trace for name, text in parts.items() for trace in traces.of_text(name, text)]

    def is_in(self, data: bytes) -> bool:
        return bool(traces.find(data, self.traces(), where=""))
