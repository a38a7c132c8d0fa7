"""The client of programs: against the portal over HTTP, and against answers that no test can order from a portal."""

import shutil
import subprocess
import sys
import warnings
from pathlib import Path

import httpx
import pytest
from pytest_django.live_server_helper import LiveServer

import portal.client
from portal.client import Portal, Problem, Unreachable
from portal.client.calls import Calls
from portal.security import tokens
from tenants.organizations.models import Property
from tenants.organizations.roles import Permission, Role
from tenants.organizations.scoping import tenant_context
from tenants.rights.services.requests import receive
from tests import factories

OK = httpx.Response(201, json={"id": "1"})


class Line:
    """Answers with these, one after the other; an exception is raised. `keys` and `pauses` are what was seen."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self._answers = list(answers)
        self.keys: list[str | None] = []
        self.pauses: list[float] = []
        transport = httpx.MockTransport(self._answer)
        self.calls = Calls("https://portal.example/", {}, transport=transport, sleep=self.pauses.append)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.keys.append(request.headers.get("Idempotency-Key"))
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def problem(status: int, code: str, **headers: str) -> httpx.Response:
    return httpx.Response(status, json={"code": code, "detail": "…", "title": "…"}, headers=headers)


def test_a_post_is_tried_again_under_the_same_key_after_the_pause_that_was_asked_for() -> None:
    busy, at_work = problem(503, "timeout", **{"Retry-After": "7"}), problem(409, "idempotency_in_progress")
    line = Line(busy, httpx.ConnectError("gone"), at_work, OK)
    assert line.calls.send("POST", "zones/", body={}) == {"id": "1"}
    assert line.pauses == [7.0, 1.0, 2.0]
    assert len(line.keys) == 4 and len(set(line.keys)) == 1 and line.keys[0]
    other = Line(OK)
    other.calls.send("POST", "zones/", body={})
    assert other.keys != line.keys[:1]


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_what_may_not_be_sent_twice_is_sent_once(method: str) -> None:
    line = Line(httpx.ReadTimeout("late"))
    with pytest.raises(Unreachable):
        line.calls.send(method, "devices/1/")
    assert line.pauses == [] and line.keys == [None]


def test_it_gives_up_in_the_end_and_waits_no_longer_than_it_was_told() -> None:
    line = Line(*[httpx.ConnectError("gone")] * 4)
    with pytest.raises(Unreachable):
        line.calls.send("GET", "zones/")
    assert line.pauses == [0.5, 1.0, 2.0]
    slow = Line(problem(429, "throttled", **{"Retry-After": "3600"}))
    with pytest.raises(Problem) as refused:
        slow.calls.send("GET", "zones/")
    assert (refused.value.code, slow.pauses) == ("throttled", [])


def test_a_refusal_of_something_between_is_a_problem_too() -> None:
    with pytest.raises(Problem) as refused:
        Line(httpx.Response(403, text="<h1>no</h1>")).calls.send("GET", "zones/")
    assert (refused.value.status, refused.value.code, refused.value.errors) == (403, "http_403", {})


def test_whoever_uses_what_goes_is_warned() -> None:
    headers = {
        "Deprecation": "@1735660800",
        "Sunset": "Thu, 31 Dec 2026 16:00:00 GMT",
        "Link": '<https://portal.example/api/v2/zones/>; rel="successor-version"',
    }
    line = Line(httpx.Response(200, json={}, headers=headers), httpx.Response(200, json={}))
    with pytest.warns(DeprecationWarning, match=r"GET /zones/: .* 31 Dec 2026 .*/api/v2/zones/"):
        line.calls.send("GET", "zones/")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        line.calls.send("GET", "zones/")


def test_an_id_is_no_path(tmp_path: Path) -> None:
    with Portal("https://portal.example", "palm-bay", "cst_x") as program, pytest.raises(ValueError):
        program.device("../members")


def test_it_needs_nothing_of_the_repository(tmp_path: Path) -> None:
    shutil.copytree(
        Path(portal.client.__file__).parent, tmp_path / "theirs", ignore=shutil.ignore_patterns("__pycache__")
    )
    code = "import sys, theirs; print({'django', 'celery', 'portal'} & set(sys.modules), theirs.Portal.__name__)"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set() Portal"


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_program_does_its_work_over_http(live_server: LiveServer, tenant: Property) -> None:
    with tenant_context(tenant.pk):
        factories.make_notice(tenant)
        receive(tenant=tenant, kind="access", name="李阿姨", contact="13800138000")
        owner = factories.make_member(tenant, Role.OWNER)
        scopes = tokens.may_give(frozenset(Permission))
        _token, text = tokens.issue(tenant=tenant, actor=owner, name="客户端", scopes=scopes)
    with Portal(live_server.url, tenant.slug, text) as program:
        assert program.property()["slug"] == tenant.slug
        zone = program.add_zone("东门", "gate")
        door = program.add_door("东门 1 号", zone["id"], ["face", "card"])
        device = program.add_device("东门终端", door["id"], mode="verify")
        assert device["pairing_code"] and program.device(device["id"])["checks"]
        with pytest.raises(Problem) as refused:
            program.activate_device(device["id"])
        assert refused.value.status == 400 and "no_assessment" in refused.value.codes()
        person = program.add_person("陈小姐", "owner", "adult", email="chen@example.com")
        assert program.invite(person["id"], "email")["state"] == "queued"
        [request] = program.requests(state="received")
        assert request["kind"] == "access" and list(program.alerts()) == list(program.erasures()) == []
        hook = program.add_webhook("https://hook.example/", ["request.received"])
        assert hook["secret"] and [row["id"] for row in program.webhooks()] == [hook["id"]]
        names = [f"大厅 {number}" for number in range(3)]
        twice = [
            program.post("zones/", {"name": name, "kind": "lobby"}, key=f"zone {name[-1]}")
            for name in names
            for _n in (1, 2)
        ]
        assert len({row["id"] for row in twice}) == 3
        assert [row["name"] for row in program.rows("zones/", kind="lobby", page_size=2)] == names
