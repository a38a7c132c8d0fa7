"""What the company declares, publishes and assesses."""

from datetime import timedelta

from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import rule

from tenants.organizations.kinds import StorageMode
from tenants.organizations.models import Handler
from tenants.organizations.services.properties import (
    release_faces,
    set_retention,
    stop_faces,
    update_handler,
    update_property,
)
from tenants.transparency.models import Assessment, Notice
from tenants.transparency.rules.assessments import TEXTS
from tenants.transparency.rules.notices import FIELDS
from tenants.transparency.services import assessments, incidents, notices
from tests import factories
from tests.tenants.clearance.histories.stage import Stage


class Papers(Stage):
    """Each rule is one thing that a member, or the platform for the company, can do with the papers."""

    @rule(mode=st.sampled_from(StorageMode))
    def store_faces_elsewhere(self, mode: StorageMode) -> None:
        self.does(update_property, tenant=self.tenant, storage_mode=mode)

    @rule(stopped=st.booleans())
    def stop_or_release_all_faces(self, stopped: bool) -> None:
        if stopped:
            self.does(stop_faces, tenant=self.tenant, reason="法院裁定")
        else:
            self.does(release_faces, tenant=self.tenant)

    @rule(days=st.sampled_from([1, 20, 180, 365]))
    def keep_faces_for(self, days: int) -> None:
        self.does(set_retention, tenant=self.tenant, face_days=days, event_days=90)

    @rule(are_allowed=st.booleans())
    def decide_about_children(self, are_allowed: bool) -> None:
        self.does(update_property, tenant=self.tenant, allows_under_14=are_allowed)

    @rule(signed=st.sampled_from([-500, 1, None]), ends=st.sampled_from([-1, 0, 30, None]))
    def write_the_contract(self, signed: int | None, ends: int | None) -> None:
        today = timezone.localdate()
        fields = {
            "contract_signed_on": None if signed is None else today + timedelta(days=signed),
            "contract_ends_on": None if ends is None else today + timedelta(days=ends),
        }
        self.writes_about_the_company(**fields)

    @rule(contact=st.sampled_from(["", " ", "王经理"]))
    def write_the_contact(self, contact: str) -> None:
        self.writes_about_the_company(contact_name=contact, contact_phone=contact)

    def writes_about_the_company(self, **fields: object) -> None:
        """The platform does; the properties of the company are judged by the next sweep."""
        self.does(lambda: update_handler(handler=Handler.objects.get(pk=self.tenant.handler_id), **fields))
        self.is_owed = True

    @rule(purpose=st.sampled_from(["", "", "用途甲", "用途乙"]), days_ahead=st.sampled_from([0, 0, 1, 3, 40]))
    def publish_a_notice(self, purpose: str, days_ahead: int) -> None:
        """With the same words as before, or others; today, or in force from a later day."""
        self.does(self._publish, {"purpose_method_zh": purpose} if purpose else {}, days_ahead)

    def _publish(self, texts: dict[str, str], days_ahead: int) -> Notice:
        draft = notices.start_draft(tenant=self.tenant)
        kept = {field: draft.texts[field] or f"{field} text" for field in FIELDS}
        draft = notices.edit(tenant=self.tenant, notice=draft, **(kept | texts))
        day = timezone.localdate() + timedelta(days=days_ahead)
        return notices.publish(tenant=self.tenant, notice=draft, actor=self.actor, effective_on=day)

    @rule()
    def draft_an_assessment(self) -> None:
        """Of what the property has now; who signs it may find something else."""
        self.does(assessments.start_draft, tenant=self.tenant, actor=self.actor)

    @rule(reads_again=st.booleans())
    def sign_the_draft(self, reads_again: bool) -> None:
        draft = Assessment.objects.filter(tenant=self.tenant, state="draft").first()
        if draft is not None:
            self.does(self._sign, draft, reads_again)

    def _sign(self, draft: Assessment, reads_again: bool) -> Assessment:
        if reads_again:
            texts = dict.fromkeys(TEXTS, "text") | {"conclusion": "acceptable"}
            draft = assessments.edit(tenant=self.tenant, assessment=draft, actor=self.actor, **texts)
        signer = factories.colleague_of(self.tenant, self.actor)
        return assessments.sign(tenant=self.tenant, assessment=draft, actor=signer, people_count=1)

    @rule()
    def have_an_incident(self) -> None:
        self.does(
            incidents.record_incident,
            tenant=self.tenant,
            actor=self.actor,
            happened_on=timezone.localdate(),
            description="照片外泄",
        )
