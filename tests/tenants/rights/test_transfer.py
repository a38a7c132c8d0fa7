"""The transfer form: documented, checked by its schema, the person's own data, and no face in it."""

import json
import re

import jsonschema
import pytest
from django.conf import settings

from portal.web.package_files import SCHEMA
from tenants.organizations.models import Property
from tenants.people.services import passes
from tenants.premises.kinds import MethodKind
from tenants.rights.kinds import PackageKind
from tests import factories
from tests.recognition.steps import enroll
from tests.tenants.rights.package_steps import get, read

DOCUMENT = settings.BASE_DIR / "docs" / "transfer-format.md"
CHECK = jsonschema.Draft202012Validator(
    json.loads(SCHEMA.read_text()), format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
)


@pytest.fixture
def files(tenant: Property) -> dict[str, bytes]:
    person, _visit = factories.make_consented_person(tenant)
    enroll(tenant, person, "li")
    door = factories.make_door(tenant, methods=(MethodKind.FACE, MethodKind.CARD))
    passes.issue_card(tenant=tenant, person=person, number="0004567890AB", doors=[door])
    return get(tenant, person, kind=PackageKind.TRANSFER)


def test_it_is_what_its_schema_says(files: dict[str, bytes]) -> None:
    transfer = read(files, "transfer.json")
    CHECK.validate(transfer)
    assert files["transfer.schema.json"] == SCHEMA.read_bytes()
    assert (transfer["person"]["name"], transfer["person"]["room"]) == ("李阿姨", "3-1202")
    assert {row["decision"] for row in transfer["consents"]} == {"agree"}
    assert transfer["passes"][0]["last4"] == "90AB"


def test_templates_are_listed_and_not_contained(files: dict[str, bytes]) -> None:
    (template,) = [row for row in read(files, "transfer.json")["templates"] if row["place"] == "portal"]
    assert template["model_version"] and template["is_contained"] is False


def test_of_somebody_without_a_face_nothing_is_listed(tenant: Property) -> None:
    transfer = read(get(tenant, factories.make_person(tenant), kind=PackageKind.TRANSFER), "transfer.json")
    CHECK.validate(transfer)
    assert transfer["templates"] == transfer["consents"] == []


def test_it_holds_what_is_the_persons_own_alone(files: dict[str, bytes]) -> None:
    """Door events, decisions and the desk's notes are for the person's eyes: they are in the access package."""
    text = files["transfer.json"].decode()
    assert not re.search(r"events|decisions|note\"|card_hash|embedding", text)


def test_the_documented_example_and_table_are_true() -> None:
    text = DOCUMENT.read_text()
    (example,) = re.findall(r"```json\n(.*?)```", text, re.DOTALL)
    CHECK.validate(json.loads(example))
    schema = CHECK.schema["properties"]
    named = set(re.findall(r"^\| `([a-z0-9_.\[\]]+)`", text, re.MULTILINE))
    for name, part in schema.items():
        assert name in named or any(field.startswith((f"{name}.", f"{name}[]")) for field in named), name
        inner = part.get("properties") or part.get("items", {}).get("properties", {})
        dot = f"{name}[]." if part.get("type") == "array" else f"{name}."
        assert {dot + field for field in inner} <= named
