"""A person's own templates: three at most, all of one model, all of one face."""

import numpy as np
import pytest
from numpy.typing import NDArray

from recognition.vault import templates
from recognition.vault.models import FaceTemplate
from tenants.organizations.models import Property
from tenants.people.models import Person
from tests import factories
from tests.fakes import FakeEngine, face_photo
from tests.roles import database_role


def face(name: str) -> NDArray[np.float32]:
    return FakeEngine().represent(face_photo(name)).embedding


@pytest.fixture
def person(tenant: Property) -> Person:
    return factories.make_consented_person(tenant)[0]


def keep(person: Person, name: str, *, version: str = "fake-1") -> FaceTemplate:
    with database_role("recognition"):
        return templates.keep(person=person, embedding=face(name), model_version=version, threshold=0.5)


def kept(person: Person) -> list[bytes]:
    with database_role("recognition"):
        return [row.tobytes() for row in templates.open_person(person)[1]]


def names(*wanted: str) -> list[bytes]:
    return [face(name).tobytes() for name in wanted]


def test_a_person_has_three_templates_at_most_and_the_oldest_goes(person: Person) -> None:
    for day in ("li/1", "li/2", "li/3"):
        keep(person, day)
    assert kept(person) == names("li/3", "li/2", "li/1")
    keep(person, "li/4")
    assert kept(person) == names("li/4", "li/3", "li/2")


def test_the_same_numbers_again_take_the_place_of_the_older_row(person: Person) -> None:
    for day in ("li/1", "li/2", "li/3", "li/1"):
        keep(person, day)
    assert kept(person) == names("li/1", "li/3", "li/2")


def test_a_photo_of_somebody_else_is_refused_and_changes_nothing(person: Person) -> None:
    keep(person, "li/1")
    with pytest.raises(templates.AnotherPerson):
        keep(person, "wang")
    assert kept(person) == names("li/1")


def test_a_new_model_takes_the_place_of_every_older_template(person: Person) -> None:
    """They cannot be compared, so nothing asks whether the new photo resembles them."""
    keep(person, "li/1")
    keep(person, "li/2")
    keep(person, "somebody the old model knew otherwise", version="fake-2")
    with database_role("recognition"):
        assert [row.model_version for row in FaceTemplate.objects.all()] == ["fake-2"]


@pytest.mark.parametrize(
    "embedding",
    [
        np.zeros(128, np.float32),
        np.full(128, np.nan, np.float32),
        np.ones(128, np.float32),
        np.eye(2, dtype=np.float32),
    ],
    ids=["nothing", "no numbers", "too long", "two at once"],
)
def test_what_is_no_embedding_is_never_kept(person: Person, embedding: NDArray[np.float32]) -> None:
    with database_role("recognition"), pytest.raises(ValueError, match="length 1"):
        templates.keep(person=person, embedding=embedding, model_version="fake-1")


def test_a_person_without_a_template_opens_to_nothing(person: Person) -> None:
    with database_role("recognition"):
        version, rows = templates.open_person(person)
    assert (version, rows.shape) == ("", (0, 0))
