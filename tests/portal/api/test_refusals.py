"""The OpenAPI document lists the codes of each operation, and says what each of them means."""

import re
from typing import Any

import pytest
from django.utils.translation import override
from drf_spectacular.generators import SchemaGenerator
from rest_framework.test import APIClient

from portal.api.refusals import FILE
from tests.portal.api import listed
from tests.portal.api.refusals import document


def codes_of(operation: dict[str, Any]) -> dict[str, list[str]]:
    return {status: answer["x-codes"] for status, answer in operation["responses"].items() if "x-codes" in answer}


def every_code() -> set[str]:
    found = (codes for operation in listed.operations().values() for codes in codes_of(operation).values())
    return {code for codes in found for code in codes}


def test_the_file_says_what_the_source_says() -> None:
    assert FILE.read_text(encoding="utf-8") == document.written(), "Write it: python -m tests.portal.api.refusals"


def test_what_stands_before_the_actions_is_listed_as_a_view_says_it() -> None:
    """Views say by hand what their gates refuse with; the same is found in the source of these gates."""
    found = {pair for door in document.at_the_doors() for pair in door.codes}
    said = {
        (int(status), code)
        for operation in listed.operations().values()
        for status, codes in codes_of(operation).items()
        for code in codes
    }
    assert len(found) > 12
    assert found - said == {(410, "gone")}, "Nothing is retired now."


def test_each_operation_lists_the_codes_of_its_own_rules() -> None:
    extend = codes_of(listed.operations()["/api/v1/properties/{}/requests/{}/extend/", "post"])
    assert {"extended", "overdue", "wrong_state", "required", "too_long"} <= set(extend["400"])
    assert "zone_in_use" not in extend["400"]
    assert extend["422"] == ["idempotency_key_reused"]
    assert "zone_in_use" in codes_of(listed.operations()["/api/v1/properties/{}/zones/{}/", "delete"])["400"]
    hold = codes_of(listed.operations()["/api/v1/properties/{}/holds/", "post"])
    assert {"in_person", "reauthentication_required"} <= set(hold["403"])
    assert "in_person" not in extend["403"]
    assert "key_copied" in codes_of(listed.operations()["/api/v1/device/heartbeat/", "post"])["401"]


def test_codes_are_sorted_and_no_status_is_without_one() -> None:
    for operation in listed.operations().values():
        for codes in codes_of(operation).values():
            assert codes and codes == sorted(set(codes))


@pytest.mark.parametrize(("language", "script"), [("zh-hans", "[\u4e00-\u9fff]"), ("en", "[A-Za-z]{2}")])
def test_the_document_says_once_what_each_code_means(language: str, script: str) -> None:
    with override(language):
        schemas = SchemaGenerator().get_schema(public=True)["components"]["schemas"]
    lines = dict(re.findall(r"^\* `(\w+)`: (.+)$", schemas["ProblemCode"]["description"], re.MULTILINE))
    assert every_code() - lines.keys() == set()
    assert [code for code, words in lines.items() if not re.search(script, words)] == []
    assert not any("%(" in words or "{" in words for words in lines.values())


@pytest.mark.django_db
def test_a_code_that_is_not_listed_is_seen(api: APIClient, base: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The watch of all tests of the API, watched: an answer that the document does not know."""
    known = listed.operations()
    address = "/api/v1/properties/{}/zones/", "post"
    monkeypatch.setattr(listed, "operations", lambda: known | {address: {"responses": {"400": {"x-codes": ["blank"]}}}})
    api.post(f"{base}zones/", {"name": "", "kind": "x"}, format="json")
    assert listed.unlisted == [f"POST {address[0]}: 400 {code}" for code in ("invalid", "invalid_choice")]
    listed.unlisted.clear()
