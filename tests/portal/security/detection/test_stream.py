"""What is heard, when it is judged, and that watching never breaks what is watched."""

import ast
import json
import uuid
from collections.abc import Iterator

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from celery import shared_task
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from redis import Redis

from portal.limits import REQUESTS_BY_ADDRESS
from portal.security.detection import counting, judging, readers, tasks
from portal.security.models import AccessEvent, Alert
from portal.web.filters.audit import ReadFilter
from portal.web.views.today import Today
from tenants.organizations.models import Property, User
from tenants.organizations.roles import Role
from tenants.organizations.trail import OF_NO_PROPERTY, Happening, Kind, Sign, note, tell
from tests import factories
from tests.architecture.catalogue import query
from tests.architecture.source import files, parsed
from tests.portal.security.detection.house import HERE, LOGIN
from tests.roles import database_role

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(owner: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(owner)
    return client


def events(kind: Kind) -> list[tuple[str, str, str, dict]]:
    """The property, actor, subject and facts of what the log keeps."""
    with database_role("owner"):
        rows = query(
            "SELECT coalesce(tenant::text, ''), actor, subject, facts FROM security_accessevent WHERE kind = %s", kind
        )
    return [(where, who, subject, json.loads(facts)) for where, who, subject, facts in rows]


def alerts() -> list[tuple[str, str]]:
    with database_role("owner"):
        return query("SELECT coalesce(tenant::text, ''), rule FROM security_alert ORDER BY 1, 2")


def said(names: tuple[str, ...]) -> Iterator[str]:
    """What the source notes or tells: `Kind.X` and `Sign.X` in a call of one of these names."""
    for path in files("portal", "tenants", "recognition"):
        for call in ast.walk(parsed(path)):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") in names:
                for part in ast.walk(call):
                    if isinstance(part, ast.Attribute) and getattr(part.value, "id", "") in {"Kind", "Sign"}:
                        yield part.attr


def test_every_kind_is_noted_somewhere_and_none_is_offered_that_cannot_occur(tenant: Property) -> None:
    assert {*Kind.__members__, *Sign.__members__} == set(said(("Happening", "note_read")))
    offered = {
        value
        for value, _label in ReadFilter(queryset=AccessEvent.objects.all(), tenant=tenant).form.fields["kind"].choices
        if value
    }
    assert offered == set(Kind.values) - OF_NO_PROPERTY


def test_signing_in_and_failing_to_are_kept(owner: User) -> None:
    Client().post(LOGIN, {"login": owner.email, "password": "not this one, and long"})
    Client().post(LOGIN, {"login": "nobody@example.com", "password": "not this one, and long"})
    Client().post(LOGIN, {"login": owner.email, "password": factories.PASSWORD})
    known, unknown = events(Kind.SIGN_IN_FAILED)
    assert known == ("", HERE, f"user:{owner.pk}", {})
    assert unknown[1] == HERE and unknown[2].startswith("account:") and "nobody" not in unknown[2]
    assert events(Kind.SIGNED_IN) == [("", f"user:{owner.pk}", HERE, {})]


def test_a_wrong_second_factor_is_a_failed_sign_in(owner: User) -> None:
    TOTP.activate(owner, "JBSWY3DPEHPK3PXP")
    client = Client()
    client.post(LOGIN, {"login": owner.email, "password": factories.PASSWORD})
    client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert events(Kind.SIGN_IN_FAILED) == [("", HERE, f"user:{owner.pk}", {"step": "second_factor"})]
    assert events(Kind.SIGNED_IN) == []


def test_what_a_member_is_refused_is_kept_with_who_and_why(client: Client, tenant: Property, owner: User) -> None:
    elsewhere, me = factories.make_property(), f"user:{owner.pk}"
    assert client.get(reverse("people", args=[elsewhere.slug])).status_code == 404
    assert client.get(f"/api/v1/properties/{tenant.slug}/people/{uuid.uuid4()}/").status_code == 404
    auditor = factories.make_member(tenant, Role.AUDITOR)
    client.force_login(auditor)
    assert client.get(reverse("people", args=[tenant.slug])).status_code == 403
    kept = {(where, who, facts["reason"]) for where, who, _subject, facts in events(Kind.REFUSED)}
    house = str(tenant.pk)
    assert kept == {("", me, "stranger"), (house, me, "id"), (house, f"user:{auditor.pk}", "right")}


def test_what_comes_too_often_is_kept_with_its_property(tenant: Property) -> None:
    for _one in range(REQUESTS_BY_ADDRESS.count):
        REQUESTS_BY_ADDRESS.count_one("127.0.0.1")
    assert Client().post(reverse("request_form", args=[tenant.slug]), {}).status_code == 429
    assert events(Kind.THROTTLED) == [(str(tenant.pk), HERE, "", {"limit": "page", "route": "request_form"})]


def test_a_wrong_code_is_kept_and_not_the_code(tenant: Property) -> None:
    assert Client().get(reverse("request_track", args=[tenant.slug, "ABCDEFGHJKLMNPQR"])).status_code == 404
    assert events(Kind.CODE_WRONG) == [(str(tenant.pk), HERE, "", {})]


def test_of_a_caller_who_is_refused_for_hours_some_refusals_are_kept(client: Client, tenant: Property) -> None:
    for _one in range(judging.MOST_KEPT + 5):
        client.get(reverse("person", args=[tenant.slug, uuid.uuid4()]))
    assert len(events(Kind.REFUSED)) == judging.MOST_KEPT
    assert [rule for _where, rule in alerts()] == ["id_probing"]


def test_a_statement_that_the_database_refused_rings_by_the_name_of_its_table(
    client: Client, tenant: Property, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Today, "get_context_data", lambda *_args, **_kwargs: query("SELECT * FROM vault_facetemplate"))
    assert client.get(reverse("today", args=[tenant.slug])).status_code == 500
    assert alerts() == [("", "templates_read")]


def test_a_backup_that_said_so_reads_the_templates_in_silence() -> None:
    tasks.look.apply()
    note(Happening(Kind.EXPORTED, readers.BACKUP, facts={"what": "backup"}))
    for reader, rung in (("owner", []), ("web", [("", "templates_read")])):
        if reader == "web":  # as one who gave the role what it must not have
            with database_role("owner"):
                query("GRANT SELECT ON vault_facetemplate TO consentry_web")
        with database_role(reader):
            query("SELECT * FROM vault_facetemplate")
        tasks.look.apply()
        assert alerts() == rung


def test_what_a_task_does_is_judged_when_it_has_ended(tenant: Property) -> None:
    seen = []

    @shared_task(name="tests.a_clock_jumps")
    def jump() -> None:
        tell(Happening(Sign.CLOCK_JUMPED, "worker:web", subject="clock"))
        seen.append(alerts())

    jump.apply()
    assert (seen, alerts()) == ([[]], [("", "clock_jumped")])


def test_a_member_s_pattern_rings_in_each_of_their_properties_and_a_stranger_s_on_the_platform(
    tenant: Property, owner: User
) -> None:
    other = factories.make_property()
    factories.make_member(other, Role.FRONT_DESK, email=owner.email)
    for subject in (f"user:{owner.pk}", "account:nobody"):
        judging.judge([Happening(Kind.SIGN_IN_FAILED, HERE, None, subject) for _one in range(10)])
    rung = sorted(("", str(tenant.pk), str(other.pk)))
    assert alerts() == [(where, "sign_in_guessing") for where in rung]


def test_an_ordinary_read_costs_one_round_trip_and_no_query(
    client: Client, tenant: Property, monkeypatch: pytest.MonkeyPatch
) -> None:
    trips: list[str] = []
    execute = counting.Pipeline.execute
    monkeypatch.setattr(counting.Pipeline, "execute", lambda pipe, **how: trips.append("pipe") or execute(pipe, **how))
    commands = Redis.execute_command
    monkeypatch.setattr(
        counting.connection(), "execute_command", lambda *args, **how: trips.append("one") or commands(*args, **how)
    )
    with CaptureQueriesContext(connection) as asked:
        assert client.get(reverse("people", args=[tenant.slug])).status_code == 200
    assert trips == ["pipe"]
    judged = ("security_decoy", 'INTO "security_alert"', "savepoint")
    assert not [one["sql"] for one in asked.captured_queries if any(part in one["sql"] for part in judged)]


class TestItBreaksNothing:
    def test_while_the_cache_is_down(
        self, client: Client, tenant: Property, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        nowhere = Redis.from_url("unix:///nowhere")
        monkeypatch.setattr(counting, "connection", lambda: nowhere)
        assert client.get(reverse("people", args=[tenant.slug])).status_code == 200
        assert client.get(reverse("person", args=[tenant.slug, uuid.uuid4()])).status_code == 404
        assert [one.getMessage() for one in caplog.records if one.name.endswith("judging")] == [
            "The cache cannot be reached; 1 happenings were not judged."
        ] * 2
        assert len(events(Kind.IDENTITIES_LISTED)) == 1, "the log does not depend on the cache"

    def test_while_an_alert_cannot_be_written_and_it_rings_later(
        self, client: Client, tenant: Property, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        def fails(*_args: object) -> Alert:
            raise RuntimeError("no table")

        with monkeypatch.context() as broken:
            broken.setattr(judging, "ring", fails)
            for _one in range(20):
                assert client.get(reverse("person", args=[tenant.slug, uuid.uuid4()])).status_code == 404
        assert alerts() == [] and "What happened could not be judged." in caplog.text
        client.get(reverse("person", args=[tenant.slug, uuid.uuid4()]))
        assert [rule for _where, rule in alerts()] == ["id_probing"]

    def test_what_a_page_did_counts_although_it_failed_afterwards(
        self, client: Client, tenant: Property, owner: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def reads_and_fails(*_args: object, **_kwargs: object) -> None:
            note(Happening(Kind.EXPORTED, f"user:{owner.pk}", tenant.pk))
            raise RuntimeError("too late")

        monkeypatch.setattr(Today, "get_context_data", reads_and_fails)
        assert client.get(reverse("today", args=[tenant.slug])).status_code == 500
        assert events(Kind.EXPORTED) == [], "its trace was rolled back with it"
        assert len(list(counting.connection().scan_iter("detection:seen:mass_export:*"))) == 1
