"""Any sequence of acts and days: no request closes without an answer, no clock passes unnoticed, no proof is skipped.

The table of states and what is looked at stand here a second time, on purpose: they judge the services and share
nothing with them but the names.
"""

import os
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from auditlog.models import LogEntry
from django.core.exceptions import ValidationError
from django.db import transaction
from django.test import TestCase, override_settings
from django.utils import timezone
from hypothesis import settings as configured
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tenants.people.services.persons import record_death
from tenants.rights import request_jobs
from tenants.rights.kinds import Delivery, RefusalCode, Requester, RequestKind
from tenants.rights.models import IdentityCode, RequestMessage, RightsRequest
from tenants.rights.rules import working_days_left
from tenants.rights.services import answering, clocks, identity, merging, messages, requests
from tests import factories
from tests.senders import Postbox
from tests.tenants.clearance.clock import Clock
from tests.tenants.rights.asking import digits_of

# The steps of a state, hop by hop, as the log of changes has them.
HOPS = {
    ("received", "confirmed"), ("received", "refused"), ("received", "taken_back"),
    ("confirmed", "answered"), ("confirmed", "refused"), ("confirmed", "merged"), ("confirmed", "taken_back"),
}  # fmt: skip
OPEN = {"received", "confirmed"}
BEGINS = [datetime(2026, 3, 2, 1, tzinfo=UTC), datetime(2098, 12, 15, 1, tzinfo=UTC)]
# How many histories of 25 steps; HISTORIES=200 for a long search.
EXAMPLES = int(os.environ.get("HISTORIES", "6"))
ON_FILE, NOBODYS = "13800138000", "13999999999"
pick = st.integers(0, 20)


class Histories(RuleBasedStateMachine):
    """One property with two members, two people on file, a gateway that comes and goes, and beat once a day."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.proved: set[Any] = set()  # whom this machine itself has proved
        self.was_set_back = False

    @initialize(begins=st.sampled_from(BEGINS))
    def open(self, begins: datetime) -> None:
        Postbox.sent.clear()
        self.clock = self.stack.enter_context(Clock(begins))
        self.gateway(is_up=True)
        self.stack.enter_context(transaction.atomic())
        self.tenant = factories.make_property()
        self.owner = factories.make_member(self.tenant, "owner")
        self.people = [factories.make_person(self.tenant, phone=ON_FILE), factories.make_person(self.tenant, "王")]
        self.dead = factories.make_person(self.tenant, "赵", phone="")
        record_death(tenant=self.tenant, person=self.dead, died_on=timezone.localdate())
        # Most of what can go wrong begins with somebody on file who has asked and is not proved yet.
        self.ask(kind=RequestKind.ACCESS, by=Requester.SELF, contact=ON_FILE)
        self.ask_for_proof(which=0)

    def teardown(self) -> None:
        """Every history goes on until each clock that it left running has come to its days."""
        try:
            if hasattr(self, "tenant"):
                for days in (5, 12, 31):
                    self.days_pass(days=days)
        finally:
            if hasattr(self, "tenant"):
                transaction.set_rollback(True)
            self.stack.close()

    @rule(is_up=st.booleans())
    def gateway(self, is_up: bool) -> None:
        name = "tests.senders.Postbox" if is_up else "tests.senders.Unreachable"
        self.is_up = is_up
        self.stack.enter_context(override_settings(SMS_SENDER=name, MAIL_SENDER=name))

    def tries(self, act: Any, **given: Any) -> Any:
        """Do something as a page does it; a refusal is an answer. What was sent is taken up at once."""
        with TestCase.captureOnCommitCallbacks():
            try:
                return act(tenant=self.tenant, **given)
            except ValidationError:
                return None

    def one(self, which: int) -> RightsRequest | None:
        rows = list(RightsRequest.objects.order_by("number"))
        return rows[which % len(rows)] if rows else None

    # What people do

    @rule(
        kind=st.sampled_from(RequestKind),
        by=st.sampled_from([Requester.SELF] * 3 + list(Requester)),
        contact=st.sampled_from([ON_FILE, NOBODYS]),
    )
    def ask(self, kind: str, by: str, contact: str) -> None:
        given = {"asked_by": by, "relation": "家人" if by != Requester.SELF else "", "message": "请办理"}
        self.tries(requests.receive, kind=kind, name="李阿姨", contact=contact, **given)

    @rule(kind=st.sampled_from(RequestKind), channel=st.sampled_from(["paper", "phone", "api"]))
    def ask_at_the_desk(self, kind: str, channel: str) -> None:
        given = {"channel": channel, "entered_by": self.owner, "message": "请办理"}
        self.tries(requests.receive, kind=kind, name="王", contact=NOBODYS, **given)

    @rule(kind=st.sampled_from(RequestKind), who=pick)
    def ask_by_link(self, kind: str, who: int) -> None:
        person = self.people[who % 2]
        if person.erased_at is None:
            visit = factories.make_visit(self.tenant, person)
            with TestCase.captureOnCommitCallbacks():
                request, _code = requests.receive_from(visit=visit, kind=kind, message="请办理")
            self.proved.add(request.pk)

    @rule(which=pick, is_right=st.booleans(), waits=st.sampled_from([0, 0, 9, 11]))
    def prove_by_code(self, which: int, is_right: bool, waits: int) -> None:
        if (request := self.one(which)) is None:
            return
        before = len(Postbox.sent)
        self.tries(identity.send_code, request=request)
        for row in IdentityCode.objects.filter(request=request, delivery=Delivery.WAITING):
            request_jobs.send_identity_code(tenant_id=self.tenant.pk, code_id=row.pk)
        code = digits_of(Postbox.sent[-1].text) if len(Postbox.sent) > before else ""
        self.clock.passes(minutes=waits)
        typed = code if is_right else f"{(int(code or 0) + 1) % 10**6:06d}"
        self.tries(identity.prove_by_code, request=request, typed=typed)
        if is_right and code and waits < 10:
            self.proved.add(request.pk)

    @rule(which=pick)
    def take_back(self, which: int) -> None:
        if request := self.one(which):
            self.tries(requests.take_back, request=request)

    @rule(which=pick)
    def write(self, which: int) -> None:
        if request := self.one(which):
            self.tries(messages.write_from_person, request=request, text="请问", papers=[("a.txt", b"text")])

    # What members do

    @rule(which=pick, who=pick)
    def prove_in_person(self, which: int, who: int) -> None:
        if (request := self.one(which)) is None:
            return
        person = [*self.people, self.dead][who % 3]
        if self.tries(identity.prove_in_person, request=request, person=person, actor=self.owner):
            self.proved.add(request.pk)

    @rule(which=pick)
    def ask_for_proof(self, which: int) -> None:
        if request := self.one(which):
            self.tries(identity.ask_for_proof, request=request, actor=self.owner)

    @rule(which=pick, text=st.sampled_from(["办好了。", " "]))
    def answer(self, which: int, text: str) -> None:
        if request := self.one(which):
            self.tries(answering.answer, request=request, text=text, actor=self.owner)

    @rule(which=pick, code=st.sampled_from([*RefusalCode, ""]), article=st.sampled_from(["PIPL 47", ""]))
    def refuse(self, which: int, code: str, article: str) -> None:
        if request := self.one(which):
            given = {"code": code, "article": article, "text": "不行。"}
            self.tries(answering.refuse, request=request, actor=self.owner, **given)

    @rule(which=pick, other=pick)
    def merge(self, which: int, other: int) -> None:
        if (request := self.one(which)) and (into := self.one(other)):
            self.tries(merging.merge, request=request, into=into, actor=self.owner)

    @rule(which=pick)
    def extend(self, which: int) -> None:
        if request := self.one(which):
            self.tries(clocks.extend, request=request, reason="要问律师", actor=self.owner)

    # What time does

    @rule(days=st.sampled_from([1, 5, 12, 31, 31]))
    def days_pass(self, days: int) -> None:
        """Beat comes by once, however many days it was away."""
        self.clock.passes(days=days)
        self.beat()

    @rule(days=st.integers(1, 4))
    def clock_is_set_back(self, days: int) -> None:
        self.clock.passes(days=-days)
        self.was_set_back = True
        self.beat()

    def beat(self) -> None:
        with TestCase.captureOnCommitCallbacks():
            request_jobs.sweep_tenant(self.tenant)
        for row in RequestMessage.objects.filter(delivery=Delivery.WAITING, next_try_at__lte=timezone.now()):
            request_jobs.send_message(tenant_id=self.tenant.pk, message_id=row.pk)
        for row in RightsRequest.objects.filter(state__in=OPEN):
            self.no_clock_passed_unnoticed(row)

    def no_clock_passed_unnoticed(self, row: RightsRequest) -> None:
        today = timezone.localdate()
        received_on = timezone.localdate(row.received_at)
        if row.paused_on is not None:
            assert row.state == "received", "a clock stands still although it was proved who asks"
            assert (today - row.paused_on).days < 30, f"{row.number} was never proved and did not lapse"
            return
        noted = set(row.messages.filter(kind="note").values_list("template", flat=True))
        if (today - received_on).days >= 5 + row.paused_days:
            assert row.escalated_at is not None and "escalated" in noted, f"{row.number}: the fifth day passed"
        if working_days_left(today, row.due_on) <= 5:
            assert row.reminded_on is not None and noted, f"{row.number}: nobody was reminded"
        assert (row in clocks.overdue(self.tenant)) == (today > row.due_on), f"{row.number} is missing on the list"
        assert row.due_on >= received_on + timedelta(days=15), "an answer was due sooner than fifteen days"

    # What is always so

    @invariant()
    def every_request_is_in_order(self) -> None:
        if not hasattr(self, "tenant"):
            return
        for row in RightsRequest.objects.all():
            said = [text for text in row.messages.filter(kind="to_person").values_list("text", flat=True) if text]
            assert row.state in {"received", "confirmed", "answered", "refused", "merged", "taken_back"}
            if row.state in {"confirmed", "answered", "merged"} or row.identity_by:
                assert row.pk in self.proved, f"{row.number} is {row.state}, and nobody proved who asks"
                assert row.identity_by and row.identity_checked_at and row.person_id
            if row.state in OPEN:
                assert row.closed_at is None and not row.answer
                continue
            assert row.closed_at is not None and said, f"{row.number} closed without a word to the person"
            if row.state in {"answered", "refused"}:
                assert row.answer in said
            if row.state == "refused":
                number = row.refusal_article.rpartition(" ")[
                    2
                ]  # the answer says the article in the words of its language
                assert row.refusal_code and number in row.answer and "12377" in row.answer
            if row.state == "merged":
                assert row.merged_into.person_id == row.person_id and row.merged_into.kind == row.kind
            if row.extended_on:
                assert any(row.extension_reason in text for text in said)

    @invariant()
    def every_hop_is_in_the_table(self) -> None:
        if not hasattr(self, "tenant"):
            return
        for entry in LogEntry.objects.filter(content_type__model="rightsrequest", action=LogEntry.Action.UPDATE):
            hop = entry.changes.get("state")
            assert hop is None or tuple(hop) in HOPS, f"a request went from {hop[0]} to {hop[1]}"

    @invariant()
    def nothing_that_is_to_be_sent_is_lost(self) -> None:
        if not hasattr(self, "tenant"):
            return
        for row in RequestMessage.objects.exclude(delivery=Delivery.PAGE):
            assert row.text and (row.next_try_at is not None) == (row.delivery == Delivery.WAITING)
            assert (row.sent_at is not None) == (row.delivery == Delivery.SENT)
            assert row.delivery != Delivery.FAILED or row.attempts == len(request_jobs.PAUSES)

    @precondition(lambda self: self.is_up and not self.was_set_back)
    @rule()
    def the_gateway_s_return_sends_all(self) -> None:
        self.clock.passes(days=1)
        self.beat()
        assert not RequestMessage.objects.filter(delivery=Delivery.WAITING, next_try_at__lte=timezone.now()).exists()


@pytest.mark.django_db
def test_whatever_happens_and_however_long_it_takes() -> None:
    bounds = configured(max_examples=EXAMPLES, stateful_step_count=25, deadline=None)
    run_state_machine_as_test(Histories, settings=bounds)
