"""Twenty thousand people at once: few queries, all or nobody, and logged as if added by hand."""

import pytest
from auditlog.models import LogEntry
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from tenants.organizations.models import Property
from tenants.organizations.scoping import enter_tenant
from tenants.organizations.sheets import Unreadable, is_formula
from tenants.people.models import Person, PersonIdentity
from tenants.people.rules.sheets import PEOPLE
from tenants.people.services.imports import check_people, import_people
from tenants.people.services.persons import add_person
from tests import factories

Rows = list[tuple[int, dict[str, str]]]


def rows(*cells: dict[str, str]) -> Rows:
    return list(enumerate(({"age_band": "adult"} | row for row in cells), start=2))


def residents(count: int) -> Rows:
    return rows(
        *({"name": f"住户{n}", "room": f"{n}", "phone": f"138{n:08}", "document": f"E{n:08}"} for n in range(count))
    )


@given(st.text(max_size=20), st.sampled_from(sorted(PEOPLE.columns)))
def test_no_cell_breaks_the_reading(cell: str, fact: str) -> None:
    try:
        value = PEOPLE.read(fact, cell)
    except Unreadable:
        return
    assert not (isinstance(value, str) and is_formula(value))


@pytest.mark.django_db
class TestImporting:
    def test_the_log_says_the_same_as_for_somebody_added_by_hand(self, tenant: Property) -> None:
        actor = factories.make_member(tenant)
        import_people(tenant=tenant, actor=actor, rows=rows({"name": "甲", "room": "1"}))
        by_table = Person.objects.get(tenant=tenant)
        by_hand = add_person(tenant=tenant, name="乙", age_band="adult", room="2")

        def entry(person: Person) -> dict[str, object]:
            found = LogEntry.objects.get(object_pk=str(person.pk))
            return {
                "content_type": found.content_type_id,
                "action": found.action,
                "additional_data": found.additional_data,
                "repr": found.object_repr.replace(str(person.pk), "…"),
                "changes": {name: change for name, change in found.changes.items() if name != "id"},
            }

        assert entry(by_table) == entry(by_hand)
        assert LogEntry.objects.get(object_pk=str(by_table.pk)).actor == actor
        assert LogEntry.objects.filter(object_pk=str(by_table.identity.pk)).count() == 1

    def test_one_bad_row_keeps_everybody_out(self, tenant: Property) -> None:
        table = rows({"name": "甲", "room": "1"}, {"name": "", "room": "2"})
        with pytest.raises(ValidationError) as refused:
            import_people(tenant=tenant, actor=factories.make_member(tenant), rows=table)
        assert refused.value.code == "rows"
        assert not Person.objects.filter(tenant=tenant).exists()

    def test_who_is_on_record_is_found_by_the_document_or_by_name_and_room(self, tenant: Property) -> None:
        known = add_person(tenant=tenant, name="甲", age_band="adult", room="1", phone="138", document="E12345678")
        by_document, by_name, new, again = check_people(
            tenant=tenant,
            rows=rows(
                {"name": "某人", "room": "9", "document": "e 1234 5678"},
                {"name": "甲", "room": "1", "phone": "138"},
                {"name": "甲", "room": "2"},
                {"name": "甲", "room": "2"},
            ),
        )
        assert [fact for fact, _why in by_document.errors] == ["document"]
        assert known.code in str(by_name.errors[0][1])
        assert new.is_good
        assert "4" in str(again.errors[0][1])

    def test_people_of_another_property_are_not_told(self, tenant: Property) -> None:
        sister = factories.make_property(handler=tenant.handler)
        add_person(tenant=sister, name="甲", age_band="adult", room="1", document="E12345678")
        enter_tenant(tenant.pk)
        (row,) = check_people(tenant=tenant, rows=rows({"name": "甲", "room": "1", "document": "E12345678"}))
        assert row.is_good

    def test_many_rows_come_in_by_a_few_statements(self, tenant: Property) -> None:
        actor, table = factories.make_member(tenant), residents(1_000)
        with CaptureQueriesContext(connection) as checking:
            assert all(row.is_good for row in check_people(tenant=tenant, rows=table))
        with CaptureQueriesContext(connection) as importing:
            assert import_people(tenant=tenant, actor=actor, rows=table) == 1_000
        assert PersonIdentity.objects.filter(tenant=tenant).count() == 1_000
        assert len(checking) == 1
        assert len(importing) < 40
