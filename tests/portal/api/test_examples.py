"""The OpenAPI document says of each operation all that a caller needs, in both languages, and its examples fit."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils.translation import override
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer
from jsonschema import Draft4Validator
from rest_framework.test import APIClient

from portal.api.examples import JSON

Operation = tuple[str, dict[str, Any]]


@pytest.fixture(scope="module")
def documents() -> dict[str, dict[str, Any]]:
    """The document as readers of Chinese and of English get it. It needs no database."""
    made = {}
    for language in ("zh-hans", "en"):
        with override(language):
            made[language] = json.loads(OpenApiJsonRenderer().render(SchemaGenerator().get_schema(public=True)))
    return made


def operations(document: dict[str, Any]) -> Iterator[Operation]:
    for path, found in document["paths"].items():
        for method, operation in found.items():
            yield f"{method} {path}", operation


def contents(operation: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each body that is sent or answered as JSON or as a form."""
    for where, body in [("sent", operation.get("requestBody", {})), *operation["responses"].items()]:
        for kind in JSON:
            if kind in body.get("content", {}):
                yield where, body["content"][kind]


def is_chinese(text: str) -> bool:
    return any("\u4e00" <= sign <= "\u9fff" for sign in text)


def test_each_operation_says_what_it_does_for_whom_and_how_it_refuses(documents: dict[str, dict[str, Any]]) -> None:
    english = dict(operations(documents["en"]))
    assert len(english) > 100
    for name, operation in operations(documents["zh-hans"]):
        assert is_chinese(operation["summary"]) and operation["description"], name
        other = english[name]
        assert not is_chinese(other["summary"] + other["description"]) and other["description"], name
        for status, answer in operation["responses"].items():
            if int(status) >= 400:
                assert answer["x-codes"] == other["responses"][status]["x-codes"] and answer["x-codes"], (name, status)
                assert answer["description"] and other["responses"][status]["description"], (name, status)


def test_each_body_has_an_example_in_both_languages_that_fits_its_schema(documents: dict[str, dict[str, Any]]) -> None:
    document = documents["en"]
    seen = 0
    for name, operation in operations(document):
        for where, content in contents(operation):
            assert set(content["examples"]) == {"zh", "en"}, (name, where)
            whole = {**content["schema"], "components": document["components"]}
            for example in content["examples"].values():
                Draft4Validator(whole).validate(example["value"])
                seen += 1
    assert seen > 500


def test_only_sentences_differ_between_the_languages(documents: dict[str, dict[str, Any]]) -> None:
    def bones(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: bones(one) for key, one in value.items() if key not in {"summary", "description", "title"}}
        return [bones(one) for one in value] if isinstance(value, list) else value

    assert bones(documents["zh-hans"]) == bones(documents["en"])


@pytest.mark.django_db
def test_a_refusal_has_the_same_code_in_both_languages(api: APIClient, base: str) -> None:
    said = [
        api.post(f"{base}zones/", {"name": "", "kind": "x"}, format="json", HTTP_ACCEPT_LANGUAGE=language).json()
        for language in ("zh-hans", "en")
    ]
    codes = [{field: [one["code"] for one in found] for field, found in one["errors"].items()} for one in said]
    assert codes[0] == codes[1] == {"name": ["blank"], "kind": ["invalid_choice"]}
    assert said[0]["detail"] != said[1]["detail"] and is_chinese(said[0]["detail"])
