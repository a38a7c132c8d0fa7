"""Pure rules for showing whose page this is to somebody who may not be that person."""

MASK = "＊"


def mask_name(name: str) -> str:
    """Return the first character and a mask of fixed length: enough to notice that a link is another's."""
    name = name.strip()
    return f"{name[:1]}{MASK * 2}" if name else ""


def mask_child(name: str) -> str:
    """Return the last character behind a mask: a guardian tells their children apart, a stranger learns no name."""
    name = name.strip()
    return f"{MASK}{name[-1:]}" if name else ""


def mask_room(room: str) -> str:
    """Return a room with its letters and figures masked but the last two; separators stay. Short ones go whole."""
    shown = {i for i, c in [(i, c) for i, c in enumerate(room) if c.isalnum()][-2:]}
    if sum(c.isalnum() for c in room) <= 3:
        shown = set()
    return "".join(c if not c.isalnum() or i in shown else MASK for i, c in enumerate(room.strip()))


def mask_phone(phone: str) -> str:
    """Return the last four figures behind dots; nothing of a short number."""
    figures = "".join(c for c in phone if c.isdigit())
    return f"···{figures[-4:]}" if len(figures) > 7 else "···"


def mask_email(email: str) -> str:
    """Return the first letter of the name and of the domain: enough to notice that an address is wrong."""
    name, _at, domain = email.partition("@")
    return f"{name[:1]}···@{domain[:1]}···"
