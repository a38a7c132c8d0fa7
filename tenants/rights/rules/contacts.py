"""What somebody typed as their contact, made comparable with what is on file."""

from unicodedata import normalize

from tenants.people.kinds import PromptChannel

_SHORTEST = 7  # digits of a phone number without its area code
_CHINA = "86"


def plain_contact(typed: str) -> str:
    """Return an e-mail address in small letters, or the digits of a phone number; "" for neither.

    Spaces, dashes, full width and China's country code make no difference.
    """
    text = normalize("NFKC", typed).strip().casefold()
    if "@" in text:
        return text if _is_address(text) else ""
    digits = "".join(c for c in text if c.isdigit() and c.isascii())
    for prefix in ("00" + _CHINA, _CHINA):
        if digits.startswith(prefix) and len(digits) - len(prefix) == 11:
            digits = digits[len(prefix) :]
    return digits if len(digits) >= _SHORTEST else ""


def channel_of(typed: str) -> PromptChannel | None:
    """Return by which channel a message reaches this contact, or None when it is neither of the two."""
    plain = plain_contact(typed)
    if not plain:
        return None
    return PromptChannel.EMAIL if "@" in plain else PromptChannel.SMS


def same_words(one: str, two: str) -> bool:
    """Compare names or rooms as people write them: spaces, case and full width do not matter."""
    return _squeezed(one) == _squeezed(two)


def _squeezed(text: str) -> str:
    return "".join(normalize("NFKC", text).casefold().split())


def _is_address(text: str) -> bool:
    name, _at, host = text.rpartition("@")
    return bool(name) and "." in host and "@" not in name and not any(c.isspace() for c in text)
