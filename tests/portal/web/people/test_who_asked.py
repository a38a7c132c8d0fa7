"""Whoever asked is suggested by the contact, however both are written."""

import pytest
from django.test import Client

from tenants.organizations.models import Property
from tests import factories
from tests.portal.web.people.test_requests import Address, make_request


class TestWhoAsked:
    @pytest.mark.parametrize(
        ("asked", "held"),
        [
            ("138 0013 8000", {"phone": "13800138000"}),
            ("+86 13800138000", {"phone": "138-0013-8000"}),
            ("１３８００１３８０００", {"phone": "13800138000"}),
            ("Li@Example.com ", {"phone": "", "email": "li@example.com"}),
        ],
    )
    def test_one_contact_is_found_however_it_is_written(
        self, manager: Client, tenant: Property, address: Address, asked: str, held: dict[str, str]
    ) -> None:
        person = factories.make_person(tenant, "王先生", **held)
        factories.make_person(tenant, "张女士", phone="13900138000")
        page = manager.get(address("request_confirm", make_request(tenant, contact=asked).pk))
        [found] = page.context["found"]
        assert (found, found.same) == (person, ["Same contact"])

    @pytest.mark.parametrize("asked", ["8000", "1", "问门卫"])
    def test_what_is_no_contact_finds_nobody(
        self, manager: Client, tenant: Property, address: Address, asked: str
    ) -> None:
        factories.make_person(tenant, "王先生", phone="13800138000")
        factories.make_person(tenant, "张女士", phone="")
        page = manager.get(address("request_confirm", make_request(tenant, contact=asked).pk))
        assert page.context["found"] == []
