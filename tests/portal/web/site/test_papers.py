"""All papers of a notice as one file: which sheets, where their codes lead, and that none is lost or drawn twice."""

import io
import zipfile
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import pytest
import zxingcpp
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from portal.security.models import AccessEvent
from portal.stack.parts import has_pango
from portal.web import notice_papers
from portal.web.pdf import CannotDraw
from portal.work import runners
from portal.work.kinds import JobKind, JobState
from portal.work.models import Job
from portal.work.runners import Order
from tenants.organizations.models import Property, User
from tenants.organizations.roles import Role
from tenants.organizations.scoping import enter_tenant
from tenants.organizations.trail import Kind
from tenants.premises.kinds import MethodKind
from tenants.premises.models import AccessPoint
from tenants.transparency.models import Notice
from tests import factories
from tests.portal.web.site.test_sheets import pages, text_of
from tests.portal.web.site.test_work import finish

pytestmark = pytest.mark.django_db
At = Callable[..., str]
WANTED = {"papers": ["poster", "sign", "flyer", "desk"], "languages": ["zh-hans", "en"]}


class Document:
    """A drawn sheet of one page that says for which door it is."""

    def __init__(self, context: dict[str, Any]) -> None:
        self.pages = [context]
        self.door = context["door"]

    def write_pdf(self) -> bytes:
        return str(self.door and self.door.name).encode()


def drawn(_template: str, context: dict[str, Any], **_how: Any) -> Document:
    return Document(context)


@pytest.fixture
def notice(tenant: Property) -> Notice:
    return factories.make_notice(tenant)


@pytest.fixture
def gates(tenant: Property, notice: Notice) -> list[AccessPoint]:
    """Two doors with a face and a card, and one without a face."""
    factories.make_door(tenant, name="Cellar", methods=(MethodKind.CARD,))
    both, zone = (MethodKind.FACE, MethodKind.CARD), factories.make_zone(tenant)
    return [factories.make_door(tenant, zone, both, name) for name in ("A/B gate", "东门")]


def draw_with(monkeypatch: pytest.MonkeyPatch, drawer: Callable[..., Any]) -> None:
    """Have the worker draw in another way."""
    monkeypatch.setattr(runners, "_works", dict(runners._works))
    work = runners._works.pop((JobKind.PAPERS.value, notice_papers.WHAT))
    run = partial(notice_papers.run, drawer=drawer)
    runners.register(JobKind.PAPERS, notice_papers.WHAT, runners.Work(**{**vars(work), "run": run}))


def names_in(content: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return archive.namelist()


def test_what_hangs_is_drawn_for_each_door_and_what_lies_once(
    client: Client, tenant: Property, notice: Notice, gates: list[AccessPoint], at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw_with(monkeypatch, drawn)
    job = finish(client.post(at("notice_papers", notice), WANTED, HTTP_ACCEPT_LANGUAGE="en"), tenant)
    assert (job.state, job.done, job.total, job.people) == (JobState.DONE, 11, 11, [])
    page = client.get(at("job", job), HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "/file/" in page and "it names people" not in page
    answer = client.get(at("job_file", job))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/zip")
    assert sorted(names_in(answer.content)) == [
        "01-AB_gate/Door_sign-en.pdf",
        "01-AB_gate/Door_sign-zh-hans.pdf",
        "01-AB_gate/Poster-en.pdf",
        "01-AB_gate/Poster-zh-hans.pdf",
        "02-东门/Door_sign-en.pdf",
        "02-东门/Door_sign-zh-hans.pdf",
        "02-东门/Poster-en.pdf",
        "02-东门/Poster-zh-hans.pdf",
        "Desk_script.pdf",
        "Flyer-en.pdf",
        "Flyer-zh-hans.pdf",
    ]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.read("02-东门/Poster-en.pdf").decode() == "东门"
        assert archive.read("Flyer-en.pdf") == b"None"
    enter_tenant(tenant.pk)
    assert not AccessEvent.objects.filter(kind=Kind.EXPORTED).exists(), "nobody's data left"


def test_where_no_other_way_opens_every_door_each_door_has_its_flyer(
    client: Client, tenant: Property, notice: Notice, gates: list[AccessPoint], at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.make_door(tenant, gates[0].zone, (MethodKind.FACE, MethodKind.PIN), "Lift")
    draw_with(monkeypatch, drawn)
    wanted = {"papers": ["flyer"], "languages": ["en"]}
    job = finish(client.post(at("notice_papers", notice), wanted, HTTP_ACCEPT_LANGUAGE="en"), tenant)
    names = names_in(client.get(at("job_file", job)).content)
    assert names == ["01-AB_gate/Flyer-en.pdf", "02-Lift/Flyer-en.pdf", "03-东门/Flyer-en.pdf"]


@pytest.mark.skipif(not has_pango(), reason="Pango is not installed, so WeasyPrint cannot write a PDF.")
def test_the_code_on_the_papers_leads_where_the_public_gets(
    client: Client, tenant: Property, notice: Notice, gates: list[AccessPoint], at: At, settings: Any
) -> None:
    settings.PUBLIC_URL, settings.ALLOWED_HOSTS = "", ["doors.example.cn"]
    wanted = {"papers": ["sign"], "languages": ["en"]}
    asks = {"HTTP_HOST": "doors.example.cn", "HTTP_ACCEPT_LANGUAGE": "zh-hans"}
    job = finish(client.post(at("notice_papers", notice), wanted, **asks), tenant)
    with zipfile.ZipFile(io.BytesIO(client.get(at("job_file", job), **asks).content)) as archive:
        sign = archive.read("01-AB_gate/门口标识-en.pdf")
    assert "A/Bgate" in text_of(sign) and "Card" in text_of(sign)
    (code,) = zxingcpp.read_barcodes(pages(sign)[0])
    assert urlsplit(code.text).hostname == "doors.example.cn"
    page = Client().get(urlsplit(code.text).path, HTTP_HOST="doors.example.cn")
    assert page.context["notice"].pk == notice.pk


def test_what_a_worker_that_died_had_drawn_is_not_drawn_again(
    tenant: Property, owner: User, notice: Notice, gates: list[AccessPoint], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notice_papers, "SLICE", 2)
    kept: list[bytes] = [b""]
    calls: list[str] = []

    def step(done: int, *, total: int | None = None, kept_: list[bytes] = kept, **put: Any) -> None:
        if put.get("kept"):
            kept_.append(put["kept"])

    def dies_at_the_fourth(template: str, context: dict[str, Any], **how: Any) -> Document:
        calls.append(context["door"].name)
        if len(calls) == 4:
            raise MemoryError
        return drawn(template, context, **how)

    keys = [str(door.pk) for door in gates]
    papers = [("sign", code, key) for key in keys for code in ("zh-hans", "en")]
    asked = {"notice": str(notice.pk), "address": "https://doors.example.cn/", "papers": papers}
    with pytest.raises(MemoryError):
        notice_papers.run(Order(tenant, owner, asked, step), drawer=dies_at_the_fourth)
    result = notice_papers.run(Order(tenant, owner, asked, step, kept=kept[-1]), drawer=dies_at_the_fourth)
    assert calls == ["A/B gate", "A/B gate", "东门", "东门", "东门", "东门"]
    assert len(names_in(result.content)) == 4


def test_without_pango_it_ends_with_a_sentence(
    client: Client, tenant: Property, notice: Notice, gates: list[AccessPoint], at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_pango(*_args: Any, **_how: Any) -> None:
        raise CannotDraw("cannot load library 'libpango-1.0-0'")

    draw_with(monkeypatch, no_pango)
    job = finish(client.post(at("notice_papers", notice), WANTED, HTTP_ACCEPT_LANGUAGE="en"), tenant)
    assert (job.state, job.error) == (JobState.FAILED, "No PDF can be made at the moment")


def test_a_draft_has_no_papers_and_a_file_holds_only_so_many(
    client: Client, tenant: Property, owner: User, notice: Notice, gates: list[AccessPoint], at: At,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    draft = Notice(tenant=tenant, version=notice.version + 1)
    draft.save()
    assert client.get(at("notice_papers", draft)).url == at("notice", draft)
    with pytest.raises(ValidationError) as refused:
        notice_papers.order(tenant=tenant, actor=owner, notice=draft, address="", **WANTED)
    assert refused.value.code == "draft"
    monkeypatch.setattr(notice_papers, "MOST_SHEETS", 10)
    answer = client.post(at("notice_papers", notice), WANTED, HTTP_ACCEPT_LANGUAGE="en")
    assert answer.status_code == 200 and "Sheets of your choice: 11." in answer.content.decode()
    assert client.post(at("notice_papers", notice), {"papers": ["x"], "languages": ["en"]}).status_code == 200
    enter_tenant(tenant.pk)
    assert not Job.objects.exists()


def test_the_page_says_which_doors_open_by_a_face_alone(
    client: Client, tenant: Property, notice: Notice, gates: list[AccessPoint], at: At
) -> None:
    assert (
        "(Measures Art 10)" not in client.get(at("notice_papers", notice), HTTP_ACCEPT_LANGUAGE="en").content.decode()
    )
    factories.make_door(tenant, name="Roof", methods=(MethodKind.FACE,))
    page = client.get(at("notice_papers", notice), HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "doors today: Roof. Repair" in page


def test_whoever_sees_no_notice_gets_no_papers(as_role: Callable[[Role], Client], notice: Notice, at: At) -> None:
    assert as_role(Role.FRONT_DESK).get(at("notice_papers", notice)).status_code == 403
    assert as_role(Role.AUDITOR).get(at("notice_papers", notice)).status_code == 200
    address = reverse("notice_papers", args=[notice.tenant.slug, notice.pk])
    assert address in as_role(Role.AUDITOR).get(at("notice", notice)).content.decode()
