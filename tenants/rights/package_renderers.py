"""Who writes the files of a package. The pages' room registers itself: rights knows no template and no PDF."""

from collections.abc import Callable
from typing import Any, Protocol

from django.core.exceptions import ImproperlyConfigured

from tenants.rights.kinds import PackageKind

# Told how much of the writing is done, in percent. It raises when there is no use in going on.
Step = Callable[[int], None]


class PackageRenderer(Protocol):
    """Makes files of what is held. Pure: it reads no database."""

    def __call__(self, contents: dict[str, Any], *, kind: PackageKind, language: str, step: Step) -> dict[str, bytes]:
        """Return the files by name, in the order of reading; the first is what a person opens."""


_renderers: list[PackageRenderer] = []


def register(renderer: PackageRenderer) -> None:
    """Name the one that writes. The last one counts."""
    _renderers[:] = [renderer]


def renderer() -> PackageRenderer:
    """Return it. Raises ImproperlyConfigured when nobody registered."""
    if not _renderers:
        raise ImproperlyConfigured("Nobody writes packages: portal.web is not installed.")
    return _renderers[0]
