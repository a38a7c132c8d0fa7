"""What a page shows of one fact of a log."""

from typing import NamedTuple

from django.utils.translation import gettext as _

MOST_LETTERS = 60


class Said(NamedTuple):
    """`words` for a reader, `code` for a machine: an id, a hash, a name in a program; `name` is what a fact is called.

    Without words and code it is what no sentence can hold: its name alone says that it is there.
    """

    words: str
    code: str = ""
    name: str = ""

    def __str__(self) -> str:
        """The whole, for a file."""
        return _after(self.name, " ".join(filter(None, [self.words, self.code])))

    @property
    def text(self) -> str:
        """What stands in a sentence: no code."""
        return _after(self.name, self.words)

    @property
    def lead(self) -> str:
        """What stands before the code on a page, which sets it apart."""
        return _named(self.name, "").rstrip() if self.name and self.code and not self.words else self.text


def _after(name: str, value: str) -> str:
    return _named(name, value) if name and value else name or value


def _named(name: str, value: str) -> str:
    return _("%(field)s: %(value)s") % {"field": name, "value": value}
