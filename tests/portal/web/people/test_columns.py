"""A table with names of its own: each column is shown with its first cells, guessed, chosen, and remembered."""

import io
import json
import re
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from xlsxwriter import Workbook

from portal.web import imports, workbooks
from portal.web.views import sheet_imports
from portal.work.kinds import JobState
from portal.work.models import Job
from tenants.organizations.models import Property
from tenants.organizations.scoping import enter_tenant
from tenants.organizations.sheets import CheckedRow
from tenants.people.models import PersonIdentity
from tenants.people.rules.sheets import PEOPLE
from tests import factories
from tests.portal.work.conftest import run

Address = Callable[..., str]
pytestmark = pytest.mark.django_db


def table(text: str, name: str = "x.csv") -> dict[str, object]:
    return {"file": SimpleUploadedFile(name, text.encode())}


def carried(page: HttpResponse) -> str:
    return re.findall(r'name="sheet" value="([^"]+)"', page.content.decode())[0]


def names(tenant: Property) -> set[str]:
    enter_tenant(tenant.pk)
    return set(PersonIdentity.objects.filter(tenant=tenant).values_list("name", flat=True))


STRANGE = "住户称呼,业主手机号,楼栋,备注\n甲,13800000001,1-101,常出差\n乙,13800000002,1-102,\n"


def test_names_are_guessed_known_first_and_none_twice() -> None:
    known = {"楼栋": "room"}
    assert imports.guess(PEOPLE, ["姓名", "业主手机号", "楼栋", "备注"], known) == (
        ["name", "phone", "room", "-"],
        False,
    )
    assert imports.guess(PEOPLE, ["Name", "姓名"], {})[0] == ["name", "-"]
    assert imports.guess(PEOPLE, ["姓名", "房号"], {}) == (["name", "room"], True)
    assert imports.guess(PEOPLE, ["姓名", "备注"], {"备注": "-"}) == (["name", "-"], True)
    assert imports.guess(PEOPLE, ["房号"], {}) == (["room"], False)


def test_a_table_with_names_of_its_own_is_asked_about_shown_and_registered(
    manager: Client, tenant: Property, address: Address
) -> None:
    url = address("people_import")
    asked = manager.post(url, table(STRANGE), HTTP_ACCEPT_LANGUAGE="en")
    form = asked.context["form"]
    assert form.initial == {"column-0": "-", "column-1": "phone", "column-2": "-", "column-3": "-"}
    assert "甲 · 乙" in form.fields["column-0"].help_text
    sent = {
        "sheet": carried(asked),
        "named": "on",
        "column-0": "-",
        "column-3": "-",
        "column-1": "phone",
        "column-2": "room",
    }
    lacking = manager.post(url, sent, HTTP_ACCEPT_LANGUAGE="en")
    assert "Name" in str(lacking.context["form"].non_field_errors())
    twice = manager.post(url, sent | {"column-0": "name", "column-3": "room"})
    assert twice.context["form"].errors.as_data()["__all__"][0].code == "twice"
    sent |= {"column-0": "name", "column-3": "-"}
    preview = manager.post(url, sent)
    assert (preview.context["good"], preview.context["bad"]) == (0, 2), "nobody's age is guessed"
    assert preview.context["rows"][0]["cells"] == ["甲", "1-101"]
    back = manager.post(url, {"sheet": carried(preview), "columns": "on"})
    assert back.context["form"].initial["column-0"] == "name", "nothing is lost on the way back"
    known = manager.post(url, table(STRANGE.replace("备注", "年龄段").replace("常出差", "成人")))
    assert (known.context["good"], known.context["bad"]) == (1, 1), "remembered: not asked again"
    manager.post(url, {"sheet": carried(known)})
    assert names(tenant) == {"甲"}


def test_a_workbook_comes_in_as_a_table_does(manager: Client, tenant: Property, address: Address) -> None:
    target = io.BytesIO()
    book = Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet()
    for number, row in enumerate([["姓名", "年龄段", "电话"], ["甲", "成人", 13800000001]]):
        sheet.write_row(number, 0, row)
    book.close()
    file = {"file": SimpleUploadedFile("people.xlsx", target.getvalue())}
    preview = manager.post(address("people_import"), file)
    manager.post(address("people_import"), {"sheet": carried(preview)})
    enter_tenant(tenant.pk)
    assert list(PersonIdentity.objects.values_list("name", "phone")) == [("甲", "13800000001")]


def test_a_workbook_that_unpacks_to_too_much_is_refused(
    manager: Client, address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbooks, "MAX_UNPACKED", 100)
    data = workbooks.write("a", ["姓名"], [["甲"]])
    answer = manager.post(address("people_import"), {"file": SimpleUploadedFile("a.xlsx", data)})
    assert answer.context["form"].errors.as_data()["file"][0].code == "not_a_table"


def test_what_long_work_says_of_a_row_quotes_nothing_of_the_table(
    manager: Client, tenant: Property, address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheet_imports, "AT_ONCE", 1)
    text = "姓名,年龄段,房号,邮箱\n寇准,成人,7-707,kou@example.cn\n寇准,成人,7-708,zhun@example.cn\n"
    preview = manager.post(address("people_import"), table(text))
    manager.post(address("people_import"), {"sheet": carried(preview)})
    enter_tenant(tenant.pk)
    person = factories.make_person(tenant, name="寇准", room="7-707", phone="")
    one = imports.IMPORTS["people"]

    def check(tenant: Property, rows: Any) -> list[CheckedRow]:
        quoting = CheckedRow(3, {"email": "zhun@"}, errors=[("email", "“zhun@” is no address")])
        ours = CheckedRow(4, {}, errors=[("name", PEOPLE.read_row(4, {}).errors[0][1])])
        return [*one.check(tenant, rows[:1]), quoting, ours]

    monkeypatch.setitem(imports.IMPORTS, "people", imports.TableImport(**{**vars(one), "check": check}))
    Job.objects.update(language="en")
    run(job := Job.objects.get())
    job.refresh_from_db()
    assert job.said["left"] == [
        ["line 2", "Name: not in order"],
        ["line 3", "E-mail: not in order"],
        ["line 4", "Name: This cell is needed."],
    ]
    kept = json.dumps(job.said, ensure_ascii=False)
    assert not [word for word in ("寇准", "7-70", "zhun", person.code) if word in kept]


def test_a_long_table_is_a_worker_s_and_goes_on_where_it_was(
    manager: Client, tenant: Property, address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "SLICE", 150)
    lines = "\n".join(f"住户{number},成人,{number}-1" for number in range(201))
    preview = manager.post(address("people_import"), table(f"姓名,年龄段,房号\n{lines}\n"))
    answer = manager.post(address("people_import"), {"sheet": carried(preview)})
    enter_tenant(tenant.pk)
    job = Job.objects.get()
    assert (str(job.pk) in answer["Location"], job.total, names(tenant)) == (True, 201, set())
    one = imports.IMPORTS["people"]

    def dies(tenant: Property, actor: Any, rows: Any) -> int:
        if len(rows) < 150:
            raise MemoryError
        return one.register(tenant, actor, rows)

    monkeypatch.setitem(imports.IMPORTS, "people", imports.TableImport(**{**vars(one), "register": dies}))
    run(job)
    assert len(names(tenant)) == 150
    monkeypatch.setitem(imports.IMPORTS, "people", one)
    run(job)
    assert len(names(tenant)) == 201
    job.refresh_from_db()
    assert (job.state, job.said, bytes(job.asked)) == (
        JobState.DONE,
        {"changed": 201, "left": [], "left_count": 0},
        b"",
    )


@pytest.mark.parametrize("bad", [b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"<broken", b"\x00"])
def test_a_workbook_with_entities_or_broken_xml_is_refused(bad: bytes) -> None:
    good, target = io.BytesIO(workbooks.write("a", ["姓名"], [["甲"]])), io.BytesIO()
    with zipfile.ZipFile(good) as old, zipfile.ZipFile(target, "w") as new:
        for part in old.infolist():
            content = old.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                content = content.replace(b"<worksheet", bad + b"<worksheet", 1)
            new.writestr(part.filename, content)
    assert [row[0] for row in workbooks.read(good.getvalue())] == ["姓名", "甲"]
    with pytest.raises(ValidationError) as refused:
        list(workbooks.read(target.getvalue()))
    assert refused.value.code == "not_a_table"
