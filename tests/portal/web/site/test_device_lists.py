"""Many devices at once: preview, confirmation, and the list as a table."""

import csv
import io
import re
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from portal.web.listings.devices import DEVICES
from tenants.organizations.models import Property
from tenants.organizations.roles import Role
from tenants.organizations.scoping import enter_tenant
from tenants.premises.models import Device
from tests import factories
from tests.portal.web.site.test_work import file_of

pytestmark = pytest.mark.django_db


def table(*lines: str, encoding: str = "utf-8") -> dict[str, object]:
    text = "\n".join(("设备名称,通行点,模式", *lines))
    return {"file": SimpleUploadedFile("devices.csv", text.encode(encoding), "text/csv")}


def names(tenant: Property) -> set[str]:
    enter_tenant(tenant.pk)
    return set(Device.objects.filter(tenant=tenant).values_list("name", flat=True))


def confirm(client: Client, url: str, preview: HttpResponse) -> HttpResponse:
    (sheet,) = re.findall(r'name="sheet" value="([^"]+)"', preview.content.decode())
    return client.post(url, {"sheet": sheet}, follow=True)


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_nothing_is_registered_before_it_is_confirmed(
    client: Client, tenant: Property, at: Callable[..., str], encoding: str
) -> None:
    factories.make_door(tenant, name="东门")
    preview = client.post(at("device_import"), table("甲,东门,1:1", "乙,东门,1:N", encoding=encoding))
    assert (preview.context["good"], preview.context["bad"]) == (2, 0)
    assert names(tenant) == set()
    confirm(client, at("device_import"), preview)
    assert names(tenant) == {"甲", "乙"}


def test_bad_rows_are_named_and_only_the_good_ones_can_be_registered(
    client: Client, tenant: Property, at: Callable[..., str]
) -> None:
    factories.make_door(tenant, name="东门")
    lines = ("甲,东门,1:1", "乙,西门,1:1", "=cmd(),东门,1:1", "丁,东门,watch", "甲,东门,1:1")
    preview = client.post(at("device_import"), table(*lines), HTTP_ACCEPT_LANGUAGE="en")
    assert (preview.context["good"], preview.context["bad"]) == (1, 4)
    shown = {row["number"]: [said["column"] for said in row["says"]] for row in preview.context["rows"]}
    assert shown == {3: ["Door"], 4: ["Device"], 5: ["Mode"], 6: ["Device"], 2: []}
    confirm(client, at("device_import"), preview)
    assert names(tenant) == {"甲"}


def test_what_was_taken_meanwhile_is_shown_again(client: Client, tenant: Property, at: Callable[..., str]) -> None:
    door = factories.make_door(tenant, name="东门")
    preview = client.post(at("device_import"), table("甲,东门,1:1"))
    first = confirm(client, at("device_import"), preview)
    assert first.redirect_chain
    again = confirm(client, at("device_import"), preview)
    assert again.context["bad"] == 1
    assert names(tenant) == {"甲"}
    assert door.devices.count() == 1


@pytest.mark.parametrize("sheet", ["", "x", "eyJ:1:forged"])
def test_a_table_that_the_portal_did_not_sign_is_refused(
    client: Client, tenant: Property, at: Callable[..., str], sheet: str
) -> None:
    answer = client.post(at("device_import"), {"sheet": sheet}, follow=True)
    assert answer.status_code == 200
    assert names(tenant) == set()


def test_a_preview_of_one_property_registers_nothing_in_another(
    client: Client, tenant: Property, at: Callable[..., str], owner: object
) -> None:
    from tenants.organizations.services.members import add_member

    factories.make_door(tenant, name="东门")
    preview = client.post(at("device_import"), table("甲,东门,1:1"))
    other = factories.make_property()
    factories.make_door(other, name="东门")
    add_member(tenant=other, email=owner.email, role=Role.OWNER)  # type: ignore[attr-defined]
    confirm(client, f"/t/{other.slug}/devices/import/", preview)
    assert names(other) == set()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04",
        "设备名称,通行点\n".encode(),
        "设备名称,通行点\n甲,东门,多\n".encode(),
    ],
)
def test_a_file_that_is_no_such_table_is_refused_beside_its_field(
    client: Client, tenant: Property, at: Callable[..., str], data: bytes
) -> None:
    answer = client.post(at("device_import"), {"file": SimpleUploadedFile("x.csv", data)})
    assert set(answer.context["form"].errors) == {"file"}


def test_20000_rows_are_refused_with_the_limit(client: Client, at: Callable[..., str]) -> None:
    data = ("设备名称,通行点\n" + "甲,东门\n" * 20_000).encode()
    answer = client.post(at("device_import"), {"file": SimpleUploadedFile("x.csv", data)}, HTTP_ACCEPT_LANGUAGE="en")
    assert "5,000" in str(answer.context["form"].errors["file"])


EVERYTHING = {"format": "csv", "columns": [column.key for column in DEVICES.columns]}


def rows_of(answer: HttpResponse) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_the_list_leaves_as_a_table_that_no_spreadsheet_runs(
    client: Client, tenant: Property, at: Callable[..., str], as_role: Callable[[Role], Client]
) -> None:
    device, _code = factories.make_device(tenant)
    from tenants.premises.services.devices import update

    update(tenant=tenant, device=device, name="=HYPERLINK(1)")
    (row,) = rows_of(file_of(as_role(Role.AUDITOR), at("devices_export"), tenant, **EVERYTHING))
    assert row["Device"] == "'=HYPERLINK(1)"
    assert (row["Door"], row["False accept rate (%)"]) == (device.access_point.path, "0.0100")
    assert device.pairing_hash not in str(row)


def test_the_table_is_filtered_as_the_list_is_and_can_come_back(
    client: Client, tenant: Property, at: Callable[..., str]
) -> None:
    first, _code = factories.make_active_device(tenant)
    factories.make_device(tenant)
    factories.make_door(tenant, name=first.access_point.name)
    answer = file_of(client, f"{at('devices_export')}?state=active", tenant, **EVERYTHING)
    assert [row["Device"] for row in rows_of(answer)] == [first.name]
    data = answer.content.replace(first.name.encode(), "新终端".encode())
    preview = client.post(at("device_import"), {"file": SimpleUploadedFile("x.csv", data)})
    assert (preview.context["good"], preview.context["bad"]) == (1, 0)
    confirm(client, at("device_import"), preview)
    enter_tenant(tenant.pk)
    again = Device.objects.get(tenant=tenant, name="新终端")
    assert (again.algorithm, again.passersby, again.state) == (first.algorithm, first.passersby, "registered")


def test_an_empty_table_names_every_column(client: Client, tenant: Property, at: Callable[..., str]) -> None:
    answer = client.get(at("device_table"))
    assert answer.content.decode("utf-8-sig").startswith("设备名称,通行点,模式")
    assert rows_of(answer) == []
