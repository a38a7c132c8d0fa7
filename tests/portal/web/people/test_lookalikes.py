"""What members see of two faces that look alike, and of faces that an older model made."""

from collections.abc import Callable

from django.test import Client
from django.utils.translation import override

from recognition.enrollment.models import Enrollment
from tenants.organizations.models import Property
from tests import factories
from tests.recognition.steps import enroll

Address = Callable[..., str]


def test_the_page_of_the_person_names_whom_the_face_resembles(
    manager: Client, tenant: Property, address: Address
) -> None:
    li, _visit = factories.make_consented_person(tenant)
    enroll(tenant, li, "li/1")
    twin, _visit = factories.make_consented_person(tenant)
    enroll(tenant, twin, "li/2")
    noted, link = "Looks much like", f'href="{address("person", li.pk)}"'
    with override("en"):
        pages = {person: manager.get(address("person", person.pk)).content.decode() for person in (li, twin)}
    assert link in pages[twin]
    assert noted not in pages[li]


def test_the_list_counts_faces_of_an_older_model(manager: Client, tenant: Property, address: Address) -> None:
    for who in ("li", "wang"):
        person, _visit = factories.make_consented_person(tenant)
        enroll(tenant, person, who)
    assert manager.get(address("people")).context["older_faces"] == 0
    Enrollment.objects.filter(person=person).update(model_version="fake-2")
    assert manager.get(address("people")).context["older_faces"] == 1
