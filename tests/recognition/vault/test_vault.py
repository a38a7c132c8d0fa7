"""Master → handler → person → template: what opens what, and what never opens again."""

import base64

import numpy as np
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from recognition.vault import checks, envelope, keys, loading, templates
from recognition.vault.envelope import KeyDestroyed, Unreadable
from recognition.vault.master import SettingsKeyProvider
from recognition.vault.models import FaceTemplate, GalleryEpoch, HandlerKey, PersonKey
from tenants.organizations.models import Property
from tenants.people.models import Person
from tests import factories
from tests.architecture.catalogue import query, tables
from tests.fakes import FakeEngine, face_photo
from tests.recognition.steps import enroll
from tests.roles import database_role

keys_of_32_bytes = st.binary(min_size=32, max_size=32)


@given(key=keys_of_32_bytes, plaintext=st.binary(max_size=600), aad=st.binary(max_size=60))
def test_what_was_sealed_opens_with_its_key_in_its_context(key: bytes, plaintext: bytes, aad: bytes) -> None:
    sealed = envelope.seal(key, plaintext, aad=aad)
    assert envelope.unseal(key, sealed, aad=aad) == plaintext
    assert len(plaintext) < 8 or plaintext not in sealed


@given(key=keys_of_32_bytes, other=keys_of_32_bytes, plaintext=st.binary(max_size=60), flipped=st.integers(0, 500))
def test_any_other_key_context_or_byte_leaves_it_shut(key: bytes, other: bytes, plaintext: bytes, flipped: int) -> None:
    sealed = envelope.seal(key, plaintext, aad=b"here")
    changed = bytearray(sealed)
    changed[flipped % len(sealed)] ^= 1
    attempts = [
        (key, sealed, b"there"),
        (key, bytes(changed), b"here"),
        (key, sealed[:-1], b"here"),
        (key, b"", b"here"),
    ]
    for try_key, value, aad in attempts + ([(other, sealed, b"here")] if other != key else []):
        with pytest.raises(Unreadable):
            envelope.unseal(try_key, value, aad=aad)


def test_the_same_text_is_never_sealed_the_same_way_twice() -> None:
    key = envelope.new_key()
    assert len({envelope.seal(key, b"face", aad=b"") for _time in range(50)}) == 50


def test_a_context_cannot_be_forged_by_moving_its_borders() -> None:
    assert envelope.context("a", "bc") != envelope.context("ab", "c")
    with pytest.raises(ValueError, match="must not contain"):
        envelope.context("a|b")


class TestWithARow:
    @pytest.fixture
    def person(self, tenant: Property) -> Person:
        person, _visit = factories.make_consented_person(tenant)
        enroll(tenant, person, "li")
        return person

    def test_a_template_opens_to_what_was_kept(self, tenant: Property, person: Person) -> None:
        with database_role("recognition"):
            opened = loading.load(tenant, model_version="fake-1")
            version, rows = templates.open_person(person)
        assert opened.person_ids == (str(person.pk),)
        assert np.array_equal(opened.rows, [FakeEngine().represent(face_photo("li")).embedding])
        assert version == "fake-1"
        assert np.array_equal(rows, opened.rows)

    @pytest.mark.parametrize("field", ["model_version", "person", "id"])
    def test_a_template_that_was_moved_does_not_open(self, tenant: Property, person: Person, field: str) -> None:
        """Copied to another person, model or row it is only noise: the context is part of the seal."""
        other = factories.make_person(tenant)
        with database_role("recognition"):
            template = FaceTemplate.objects.select_related("key").get()
            wrapping = keys.handler_key(tenant.handler)
            setattr(template, field, {"model_version": "fake-2", "person": other, "id": other.pk}[field])
            with pytest.raises(Unreadable):
                templates.open_template(template, wrapping)

    def test_a_destroyed_key_says_so(self, tenant: Property, person: Person) -> None:
        assert keys.destroy_person_key(person=person) == 1
        with database_role("recognition"):
            template = FaceTemplate.objects.select_related("key").get()
            assert template.key.wrapped is None
            with pytest.raises(KeyDestroyed, match="never be opened again"):
                templates.open_template(template, keys.handler_key(tenant.handler))
            assert loading.load(tenant, model_version="fake-1").person_ids == ()
            assert templates.open_person(person)[0] == ""

    def test_a_destroyed_key_is_not_made_again(self, person: Person) -> None:
        keys.destroy_person_key(person=person)
        with database_role("recognition"):
            row, key = keys.person_key(person)
            assert PersonKey.objects.count() == 2
            template = FaceTemplate.objects.get()
            with pytest.raises(Unreadable):
                envelope.unseal(key, template.sealed, aad=templates._aad(template))
            assert row.destroyed_at is None

    def test_destroying_twice_destroys_one_key(self, person: Person) -> None:
        assert [keys.destroy_person_key(person=person) for _time in range(2)] == [1, 0]

    def test_every_change_moves_the_gallery_on(self, tenant: Property, person: Person) -> None:
        before = GalleryEpoch.objects.get(tenant=tenant).epoch
        keys.destroy_person_key(person=person)
        assert GalleryEpoch.objects.get(tenant=tenant).epoch > before

    def test_another_master_key_opens_nothing(self, tenant: Property, person: Person, settings: object) -> None:
        settings.MASTER_KEY = base64.b64encode(AESGCM.generate_key(256)).decode()
        with database_role("recognition"), pytest.raises(Unreadable):
            keys.handler_key(tenant.handler)

    def test_two_handlers_never_share_a_key(self, tenant: Property, person: Person) -> None:
        other = factories.make_handler()
        with database_role("recognition"):
            assert keys.handler_key(other) != keys.handler_key(tenant.handler)
            assert keys.handler_key(other) == keys.handler_key(other)
            with pytest.raises(Unreadable):
                keys.open_person_key(PersonKey.objects.get(), keys.handler_key(other))

    def test_a_handlers_wrapped_key_does_not_open_for_another(self, tenant: Property, person: Person) -> None:
        other = factories.make_handler()
        with database_role("recognition"):
            stolen = bytes(HandlerKey.objects.get(handler=tenant.handler).wrapped)
            HandlerKey.objects.create(handler=other, wrapped=stolen, master=HandlerKey.objects.get().master)
            with pytest.raises(Unreadable):
                keys.handler_key(other)

    def test_no_column_of_any_table_holds_the_embedding_or_a_key_in_clear(
        self, tenant: Property, person: Person
    ) -> None:
        embedding = FakeEngine().represent(face_photo("li")).embedding
        with database_role("recognition"):
            canaries = [
                embedding.tobytes(),
                embedding.astype("<f8").tobytes(),
                embedding.tobytes()[:16],
                keys.handler_key(tenant.handler),
                keys.person_key(person)[1],
                face_photo("li")[-64:],
            ]
        with database_role("owner"):
            for canary in canaries:
                assert found(canary) == []
            assert found(b"fake-1"), "The search finds what is there"


def found(canary: bytes) -> list[str]:
    """Every table with these bytes in any column, binary or text, as bytes, hexadecimal or base64."""
    forms = [canary.hex(), base64.b64encode(canary).decode().rstrip("=")[:40], canary.decode("latin-1")]
    hits = []
    for table in tables():
        rows = query(f'SELECT t::text FROM "{table}" t')  # noqa: S608 - the catalogue's own name
        text = "\n".join(row for (row,) in rows)
        if any(form in text for form in forms):
            hits.append(table)
    return hits


@pytest.mark.parametrize("text", [None, "", "not base64!", base64.b64encode(b"short").decode()])
def test_a_missing_or_damaged_master_key_is_named(text: str | None, settings: object) -> None:
    settings.MASTER_KEY = text
    with pytest.raises(ImproperlyConfigured, match=r"master key|MASTER_KEY"):
        SettingsKeyProvider().master_key()


def test_a_recognition_worker_without_a_master_key_does_not_start(settings: object) -> None:
    settings.CONSENTRY_ROLE, settings.MASTER_KEY = "recognition", None
    assert [error.id for error in checks.master_key_is_where_it_belongs()] == ["vault.E001"]
    settings.CONSENTRY_ROLE = "web"
    assert checks.master_key_is_where_it_belongs() == []
