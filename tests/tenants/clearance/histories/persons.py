"""What people answer, and what the desk writes about them."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import rule

from tenants.people.kinds import AgeBand, ConsentDecision, PromptChannel
from tenants.people.models import Guardian, PromptRecord
from tenants.people.rules.consents import required_purposes
from tenants.people.services import guardians, persons, prompts
from tenants.people.services.invitations import invite_by_message
from tenants.people.services.links import Visit
from tenants.rights.kinds import ErasureReason, ErasureScope
from tenants.rights.services.erasures import order_erasure
from tenants.rights.services.withdrawals import answer, answer_on_paper, withdraw
from tenants.transparency.models import Notice
from tests import factories
from tests.tenants.clearance.histories.stage import Somebody, Stage

WHO = st.integers(0, 4)
DECISIONS = st.sampled_from(ConsentDecision)
FACES = ("li", "wang", "zhao", "qian", "sun")
PAUSE = timedelta(hours=48)


class Persons(Stage):
    """Each rule is one thing that a person does, or the desk for one."""

    # Their own words

    @rule(who=WHO, decision=DECISIONS)
    def answer_by_link(self, who: int, decision: ConsentDecision) -> None:
        self.answers(self.somebody(who), decision)

    @rule(who=WHO, decision=DECISIONS)
    def answer_for_a_child(self, who: int, decision: ConsentDecision) -> None:
        row = self.guardianship(who)
        if row is not None:
            self.does(self._answer, lambda: factories.make_guardian_visit(row), decision)

    @rule(who=WHO, decision=DECISIONS, days_ago=st.sampled_from([0, 0, 1]))
    def answer_on_a_sheet(self, who: int, decision: ConsentDecision, days_ago: int) -> None:
        somebody, row = self.somebody(who).row, self.guardianship(who)
        guardian = row if row is not None and row.child_id == somebody.pk else None
        for purpose in required_purposes(self.tenant.storage_mode):
            self.does(
                answer_on_paper,
                tenant=self.tenant,
                person=somebody,
                guardian=guardian,
                purpose=purpose,
                decision=decision,
                notice=Notice.objects.filter(tenant=self.tenant).current(),
                assisted_by=self.actor,
                was_read_aloud=True,
                scan=factories.make_scan(),
                signed_on=timezone.localdate() - timedelta(days=days_ago),
            )

    @rule(who=WHO)
    def withdraw_by_link(self, who: int) -> None:
        somebody = self.somebody(who)
        self.does(lambda: withdraw(visit=factories.make_visit(self.tenant, somebody.row)))

    @rule(who=WHO)
    def withdraw_for_a_child(self, who: int) -> None:
        row = self.guardianship(who)
        if row is not None:
            self.does(lambda: withdraw(visit=factories.make_guardian_visit(row)))

    @rule(who=WHO)
    def show_the_face_for_enrolment(self, who: int) -> None:
        self.acts += 1
        self.enrols(self.somebody(who))

    # What the desk does

    @rule(years=st.sampled_from([8, 13, 14, 17, 40]), days=st.sampled_from([-1, 0, 1, 25]))
    def add_somebody(self, years: int, days: int) -> None:
        """Somebody whose birthday is near, so that it is soon another age that counts."""
        if len(self.people) >= len(FACES):
            return
        born = self.birthday(years + 1, days)
        face = FACES[len(self.people)]
        person = self.does(factories.make_person, self.tenant, face, age_band=AgeBand.UNDER_14, birth_date=born)
        if person is not None:
            self.people.append(Somebody(person.pk, face))
            if years < 14:
                self.tries(factories.make_guardian, self.tenant, person, self.people[0].row, self.actor)

    @rule(who=WHO, other=WHO)
    def record_a_guardian(self, who: int, other: int) -> None:
        child, guardian = self.somebody(who).row, self.somebody(other).row
        self.does(factories.make_guardian, self.tenant, child, guardian, self.actor)

    @rule(who=WHO)
    def end_a_guardianship(self, who: int) -> None:
        row = self.guardianship(who)
        if row is not None:
            self.does(guardians.end_guardian, tenant=self.tenant, guardian=row)

    @rule(who=WHO, years=st.sampled_from([13, 40]), days=st.sampled_from([0, 1, 25]))
    def correct_an_age(self, who: int, years: int, days: int) -> None:
        born = self.birthday(years + 1, days)
        self.writes(self.somebody(who), age_band=AgeBand.UNDER_14, birth_date=born)

    @rule(who=WHO, days=st.sampled_from([-1, 0, 10, None]))
    def write_the_end_of_the_stay(self, who: int, days: int | None) -> None:
        ends = None if days is None else timezone.localdate() + timedelta(days=days)
        self.writes(self.somebody(who), stay_ends_on=ends)

    @rule(who=WHO, restricts=st.booleans())
    def restrict_or_lift(self, who: int, restricts: bool) -> None:
        act = persons.restrict if restricts else persons.lift_restriction
        self.does(act, tenant=self.tenant, person=self.somebody(who).row)

    @rule(who=WHO, has_died=st.booleans())
    def record_or_correct_a_death(self, who: int, has_died: bool) -> None:
        person = self.somebody(who).row
        if has_died:
            self.does(persons.record_death, tenant=self.tenant, person=person, died_on=timezone.localdate())
        else:
            self.does(persons.correct_death, tenant=self.tenant, person=person)

    @rule(who=WHO)
    def erase_a_record(self, who: int) -> None:
        if len(self.people) > 2:
            self.does(
                order_erasure,
                tenant=self.tenant,
                person=self.somebody(who).row,
                reason=ErasureReason.REQUESTED,
                scope=ErasureScope.PERSON,
            )

    @rule(who=WHO, by_message=st.booleans())
    def invite_somebody(self, who: int, by_message: bool) -> None:
        """Nobody is asked twice in 48 hours (NDSMR 22(5); GB/T 41819)."""
        person = self.somebody(who).row
        lately = PromptRecord.objects.filter(person=person, prompted_at__gt=timezone.now() - PAUSE).exists()
        if by_message:
            asked = self.does(
                invite_by_message, tenant=self.tenant, person=person, channel=PromptChannel.SMS, actor=self.actor
            )
        else:
            asked = self.does(prompts.invite, tenant=self.tenant, person=person, made_by=self.actor)
        assert not (asked and lately), f"{person.pk} was asked twice in 48 hours."
        self.seen["invited"] += bool(asked)

    # How they are done

    def answers(self, somebody: Somebody, decision: ConsentDecision) -> None:
        self.does(self._answer, lambda: factories.make_visit(self.tenant, somebody.row), decision)

    def _answer(self, visit: object, decision: ConsentDecision) -> None:
        """One page, one question after the other; a question that is refused does not take back the others."""
        page: Visit = visit()
        notice = Notice.objects.filter(tenant=self.tenant).current()
        for purpose in required_purposes(self.tenant.storage_mode):
            try:
                with transaction.atomic():
                    answer(visit=page, purpose=purpose, decision=decision, notice=notice, language="zh-hans")
            except ValidationError:
                self.seen["service refused"] += 1

    def writes(self, somebody: Somebody, **fields: object) -> None:
        person = somebody.row
        known = {
            "name": somebody.face,
            "kind": person.kind,
            "age_band": person.band,
            "stay_ends_on": person.stay_ends_on,
        }
        self.does(persons.update_person, tenant=self.tenant, person=person, **(known | fields))

    def guardianship(self, who: int) -> Guardian | None:
        rows = Guardian.objects.filter(tenant=self.tenant, ended_at__isnull=True).order_by("recorded_at")
        found = list(rows.select_related("tenant", "child", "guardian"))
        return found[who % len(found)] if found else None

    def birthday(self, age: int, days: int) -> date:
        """The date of birth of somebody who has this birthday in so many days."""
        then = timezone.localdate() + timedelta(days=days)
        return then.replace(year=then.year - age, day=min(then.day, 28))
