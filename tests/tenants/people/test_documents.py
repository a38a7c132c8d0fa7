"""A document's number finds duplicates and is kept nowhere."""

import uuid

import pytest
from auditlog.models import LogEntry
from django.core.exceptions import ValidationError
from django.db import connection

from tenants.organizations.models import Property
from tenants.organizations.scoping import enter_tenant
from tenants.people.documents import hash_document
from tenants.people.models import PersonIdentity
from tenants.people.rules.documents import is_document, plain_document
from tenants.people.services.persons import add_person, update_person
from tests import factories

CARD = "11010519491231002X"  # the example of GB 11643
PASSPORT = "E12345678"


@pytest.mark.parametrize(
    "typed", [CARD, "110105 19491231 002x", "１１０１０５１９４９１２３１００２Ｘ", "110105-19491231-002X"]
)
def test_one_document_is_one_text_however_it_is_typed(typed: str) -> None:
    assert plain_document(typed) == CARD


@pytest.mark.parametrize(
    ("number", "can_be"),
    [
        (CARD, True),
        ("110105194912310021", False),
        ("110105194913310025", False),
        (PASSPORT, True),
        ("H08012345", True),
        ("1234", False),
        ("E1234567890123456789X", False),
        ("护照", False),
        ("E12'; DROP", False),
    ],
)
def test_a_mistyped_number_is_no_document(number: str, can_be: bool) -> None:
    assert is_document(number) is can_be


def test_the_same_document_has_another_hash_at_every_handler() -> None:
    one, other = uuid.uuid4(), uuid.uuid4()
    assert hash_document(handler_id=one, number=CARD) == hash_document(handler_id=one, number=CARD.lower())
    assert hash_document(handler_id=one, number=CARD) != hash_document(handler_id=other, number=CARD)
    assert hash_document(handler_id=one, number="  ") == ""


@pytest.mark.django_db
class TestDuplicates:
    def test_somebody_who_is_on_record_is_named_by_code_and_not_added_again(self, tenant: Property) -> None:
        known = add_person(tenant=tenant, name="李秀英", age_band="adult", document=CARD)
        with pytest.raises(ValidationError) as refused:
            add_person(tenant=tenant, name="李秀英", age_band="adult", document=CARD.lower())
        assert known.code in refused.value.message_dict["document"][0]
        assert PersonIdentity.objects.filter(tenant=tenant).count() == 1

    def test_another_compound_of_the_same_handler_keeps_its_own_record_of_one_document(self, tenant: Property) -> None:
        sister = factories.make_property(handler=tenant.handler)
        hashes = []
        for place in (sister, tenant):
            enter_tenant(place.pk)
            hashes.append(
                add_person(tenant=place, name="李秀英", age_band="adult", document=CARD).identity.document_hash
            )
        assert len(set(hashes)) == 1

    def test_a_correction_may_add_the_document_and_keeps_it_when_it_says_none(self, tenant: Property) -> None:
        person = add_person(tenant=tenant, name="李秀英", age_band="adult")
        fields = {"name": "李秀英", "kind": "owner", "age_band": "adult"}
        update_person(tenant=tenant, person=person, **fields, document=CARD)
        update_person(tenant=tenant, person=person, **fields)
        kept = PersonIdentity.objects.get(person=person).document_hash
        assert kept == hash_document(handler_id=tenant.handler_id, number=CARD)
        other = add_person(tenant=tenant, name="王伟", age_band="adult")
        with pytest.raises(ValidationError):
            update_person(tenant=tenant, person=other, **fields, document=CARD)

    def test_a_number_that_cannot_be_one_stands_beside_its_field(self, tenant: Property) -> None:
        with pytest.raises(ValidationError) as refused:
            add_person(tenant=tenant, name="李秀英", age_band="adult", document="110105194912310021")
        assert set(refused.value.message_dict) == {"document"}
        assert not PersonIdentity.objects.filter(tenant=tenant).exists()

    def test_the_number_is_neither_in_the_row_nor_in_the_log(self, tenant: Property) -> None:
        person = add_person(tenant=tenant, name="李秀英", age_band="adult", document=CARD)
        identity = PersonIdentity.objects.get(person=person)
        with connection.cursor() as cursor:
            cursor.execute("SELECT to_jsonb(i)::text FROM people_personidentity i WHERE id = %s", [identity.pk])
            row = cursor.fetchone()[0]
        log = str(list(LogEntry.objects.filter(object_pk__in=[str(person.pk), str(identity.pk)]).values()))
        assert CARD not in row + log
        assert identity.document_hash not in log
