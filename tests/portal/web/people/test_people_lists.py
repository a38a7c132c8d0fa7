"""Many people from one table: preview, confirmation, and nothing that only a person can say."""

import re
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from tenants.organizations.models import Property, User
from tenants.organizations.roles import Role
from tenants.organizations.scoping import enter_tenant
from tenants.organizations.services.members import add_member
from tenants.people.models import Consent, PersonalLink, PersonIdentity, PromptRecord
from tests import factories

Address = Callable[..., str]

pytestmark = pytest.mark.django_db

HEADER = "姓名,身份,年龄段,房号,电话,证件号码"
LI, WANG = "李秀英,业主,成人,1-101,13800000001,", "王伟,租户,成人,1-102,13800000002,E12345678"


def table(*lines: str, header: str = HEADER, encoding: str = "utf-8") -> dict[str, object]:
    return {"file": SimpleUploadedFile("people.csv", "\n".join((header, *lines)).encode(encoding), "text/csv")}


def names(tenant: Property) -> set[str]:
    enter_tenant(tenant.pk)
    return set(PersonIdentity.objects.filter(tenant=tenant).values_list("name", flat=True))


def confirm(client: Client, url: str, preview: HttpResponse) -> HttpResponse:
    (sheet,) = re.findall(r'name="sheet" value="([^"]+)"', preview.content.decode())
    return client.post(url, {"sheet": sheet}, follow=True)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
def test_nobody_is_added_before_it_is_confirmed_and_nobody_is_asked(
    manager: Client, tenant: Property, address: Address, encoding: str
) -> None:
    preview = manager.post(address("people_import"), table(LI, WANG, encoding=encoding))
    assert (preview.context["good"], preview.context["bad"]) == (2, 0)
    assert "no-store" in preview["Cache-Control"]
    assert names(tenant) == set()
    confirm(manager, address("people_import"), preview)
    assert names(tenant) == {"李秀英", "王伟"}
    for nothing in (Consent, PersonalLink, PromptRecord):
        assert not nothing.objects.filter(tenant=tenant).exists()


def test_bad_rows_are_named_with_their_column_and_only_the_good_ones_are_added(
    manager: Client, tenant: Property, address: Address
) -> None:
    lines = (
        LI,
        "李秀英,家属,成人,1-101,13800000001,",
        "=cmd(),业主,成人,1-103,,",
        "赵敏,房东,成人,1-104,,",
        "孙丽,业主,成人,,,",
        "周涛,业主,成人,1-105,,110105194912310021",
        "吴静,业主,,1-106,,",
        "吴小静,家属,未满14,1-106,,",
        WANG,
    )
    preview = manager.post(address("people_import"), table(*lines))
    shown = {row["number"]: [said["column"] for said in row["says"]] for row in preview.context["rows"]}
    assert shown == {
        3: ["Name"],
        4: ["Name"],
        5: ["Kind"],
        6: ["Home or room"],
        7: ["Number of an identity document"],
        8: ["Age"],
        9: ["Date of birth, for children"],
        2: [],
        10: [],
    }
    confirm(manager, address("people_import"), preview)
    assert names(tenant) == {"李秀英", "王伟"}


def test_the_same_file_twice_adds_nobody_twice(manager: Client, tenant: Property, address: Address) -> None:
    preview = manager.post(address("people_import"), table(LI, WANG))
    confirm(manager, address("people_import"), preview)
    again = confirm(manager, address("people_import"), preview)
    assert (again.context["good"], again.context["bad"]) == (0, 2)
    assert PersonIdentity.objects.filter(tenant=tenant).count() == 2


def test_a_row_that_turned_bad_since_the_preview_is_shown_again_before_anybody_is_added(
    manager: Client, tenant: Property, address: Address
) -> None:
    preview = manager.post(address("people_import"), table(LI, WANG))
    enter_tenant(tenant.pk)
    factories.make_person(tenant, name="王先生", document="e1234-5678")
    again = confirm(manager, address("people_import"), preview)
    assert (again.context["good"], again.context["bad"]) == (1, 1)
    assert names(tenant) == {"王先生"}
    confirm(manager, address("people_import"), again)
    assert names(tenant) == {"王先生", "李秀英"}


@pytest.mark.parametrize("column", ["同意", "人脸识别同意", "照片", "Photo", "face image", "Consent given"])
def test_a_consent_or_a_photo_is_refused_by_the_name_of_its_column(
    manager: Client, tenant: Property, address: Address, column: str
) -> None:
    answer = manager.post(address("people_import"), table("李秀英,1-101,是", header=f"姓名,房号,{column}"))
    (error,) = answer.context["form"].errors.as_data()["file"]
    assert error.code == "refused_columns"
    assert column in error.messages[0]
    assert names(tenant) == set()


@pytest.mark.parametrize(
    "data",
    [b"", b"PK\x03\x04", "姓名\n".encode(), b"\xff\xff\xff\n", "姓名,房号\n甲,1,多\n".encode()],
)
def test_a_file_that_is_no_such_table_is_refused_beside_its_field(
    manager: Client, address: Address, data: bytes
) -> None:
    answer = manager.post(address("people_import"), {"file": SimpleUploadedFile("x.csv", data)})
    assert set(answer.context["form"].errors) == {"file"}


def test_a_child_comes_in_with_the_day_on_which_its_age_ends(
    manager: Client, tenant: Property, address: Address
) -> None:
    preview = manager.post(address("people_import"), table("李小明,1-101,2020-05-06", header="姓名,房号,儿童出生日期"))
    confirm(manager, address("people_import"), preview)
    enter_tenant(tenant.pk)
    person = PersonIdentity.objects.get(tenant=tenant).person
    assert (person.age_band, str(person.age_band_until)) == ("under_14", "2034-05-06")


def test_the_desk_may_and_the_auditor_may_not(address: Address, sign_in: Callable[[Role], Client]) -> None:
    assert sign_in(Role.FRONT_DESK).get(address("people_import")).status_code == 200
    assert sign_in(Role.AUDITOR).get(address("people_import")).status_code == 403


def test_a_table_of_one_property_adds_nobody_to_another(
    client: Client, tenant: Property, address: Address, owner: User
) -> None:
    client.force_login(owner)
    preview = client.post(address("people_import"), table(LI))
    other = factories.make_property()
    add_member(tenant=other, email=owner.email, role=Role.OWNER)
    confirm(client, f"/t/{other.slug}/people/import/", preview)
    assert names(other) == set()


def test_an_empty_table_names_every_column(manager: Client, address: Address) -> None:
    text = manager.get(address("people_table")).content.decode("utf-8-sig")
    assert text.startswith("Name,Kind,Home or room,Phone")


def test_the_list_leads_to_it_for_who_may(manager: Client, address: Address, sign_in: Callable[[Role], Client]) -> None:
    assert address("people_import") in manager.get(address("people")).content.decode()
    assert address("people_table") in manager.get(address("people_import")).content.decode()
    officer = sign_in(Role.PRIVACY_OFFICER)
    assert address("people_import") not in officer.get(address("people")).content.decode()
