"""Which face models and which keys are in use, in numbers only: no face, no key, no person.

The count reads every template's row; its result is kept for ten minutes.
"""

from typing import Any, NamedTuple

from django.conf import settings
from django.core.cache import cache
from django.db import connection

from tenants.organizations.models import Handler

KEPT_SECONDS = 600
_KEY = "operations:versions"


class Faces(NamedTuple):
    handler: str
    model_version: str
    faces: int


class Keys(NamedTuple):
    """One key of a handler. `master` is the fingerprint of the master key that wraps it, `people` how many it wraps."""

    handler: str
    generation: int
    master: str
    people: int


class Versions(NamedTuple):
    model: str
    previous: str
    faces: list[Faces]
    keys: list[Keys]

    @property
    def masters(self) -> list[str]:
        """More than one: a rotation of the master key is under way."""
        return sorted({key.master for key in self.keys})

    @property
    def rotating(self) -> list[str]:
        """The handlers that have two keys: a rotation of theirs is under way."""
        names = [key.handler for key in self.keys]
        return sorted({name for name in names if names.count(name) > 1})


def versions() -> Versions:
    """Return what is in use. Two queries, or none within ten minutes of the last."""
    found = cache.get(_KEY)
    if found is None:
        found = _counted()
        cache.set(_KEY, found, KEPT_SECONDS)
    faces, keys = found
    previous = str(settings.FACE_ENGINE_PREVIOUS)
    return Versions(str(settings.FACE_MODEL), previous, [Faces(*row) for row in faces], [Keys(*row) for row in keys])


def _counted() -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    names = dict(Handler.objects.values_list("pk", "name"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT handler, model_version, faces FROM consentry_faces_by_version()")
        faces = [(names.get(handler, "–"), version, number) for handler, version, number in cursor.fetchall()]
        cursor.execute("SELECT handler, generation, master, people FROM consentry_keys_in_use()")
        keys = [(names.get(handler, "–"), *rest) for handler, *rest in cursor.fetchall()]
    return sorted(faces), sorted(keys)
