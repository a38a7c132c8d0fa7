"""People with their answers, in a constant number of queries."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tenants.organizations.kinds import StorageMode
from tenants.organizations.models import Property, User
from tenants.people.kinds import AgeBand, ConsentDecision, ConsentPurpose, ConsentStatus, FaceState, GivenBy
from tenants.people.models import Consent, Person
from tenants.people.rules.consents import OWN_WITHDRAWALS, face_ends_on, required_purposes
from tenants.people.services.consents import oldest_valid_version, statuses_of
from tenants.people.services.minors import visible_to

FACE_TONES = {
    FaceState.INVITED: "neutral",
    FaceState.CONSENTED: "info",
    FaceState.CAPTURED: "info",
    FaceState.ENROLLED: "ok",
    FaceState.SUSPENDED: "due",
    FaceState.ERASING: "due",
    FaceState.ERASED: "neutral",
}
CONSENT_TONES = {
    ConsentStatus.AGREED: "ok",
    ConsentStatus.STALE: "due",
    ConsentStatus.EXPIRED: "due",
    ConsentStatus.NEEDS_PERSON: "due",
    ConsentStatus.UNANSWERED: "info",
}
_FACE_SENTENCES: dict[str, Promise] = {
    FaceState.INVITED: _("No face is kept. The person has not agreed."),
    FaceState.CONSENTED: _("No face is kept yet. The person agreed, and no photo has been taken."),
    FaceState.CAPTURED: _("No face is kept yet. A photo is being checked."),
    FaceState.SUSPENDED: _("The face is suspended: no connected door opens to it."),
    FaceState.ERASING: _("The face is being erased: no connected door opens to it."),
    FaceState.ERASED: _("No face is kept. It was erased."),
}


def people_rows(tenant: Property, actor: User) -> QuerySet[Person]:
    """Return the people of a property. `is_hidden` marks minors whose identity stays closed to the actor."""
    shown = Case(When(visible_to(tenant=tenant, actor=actor), then=Value(False)), default=Value(True))
    rows = Person.objects.filter(tenant=tenant).select_related("identity").annotate(is_hidden=shown)
    return rows.order_by("-created_at", "pk")


def tell_consents(tenant: Property, people: Sequence[Person]) -> None:
    """Set `consent` of each: what their answers amount to today. Of several purposes the first that does not hold."""
    statuses = statuses_of(tenant, people)
    for person in people:
        said = statuses[person.pk].values()
        person.consent = next((one for one in said if one != ConsentStatus.AGREED), ConsentStatus.AGREED)  # type: ignore[attr-defined] - for the page


def with_consent(rows: QuerySet[Person], tenant: Property) -> QuerySet[Person]:
    """Have the database work out `consent` of every row, to filter by it; it says the same as `tell_consents`.

    Costly: a page that shows what each of its people answered asks `tell_consents`.
    """
    oldest = oldest_valid_version(tenant)
    purposes = required_purposes(tenant.storage_mode)
    for purpose in purposes:
        rows = _with_status(rows, purpose, oldest)
    names = [f"consent_{purpose.value}" for purpose in purposes]
    missing = [When(~Q(**{name: ConsentStatus.AGREED}), then=F(name)) for name in names]
    return rows.annotate(consent=Case(*missing, default=Value(ConsentStatus.AGREED.value)))


def _with_status(rows: QuerySet[Person], purpose: ConsentPurpose, oldest: int | None) -> QuerySet[Person]:
    latest = Consent.objects.filter(person=OuterRef("pk"), purpose=purpose).order_by("-decided_at")
    parts = ("decision", "version", "withdrawn", "taker", "decided", "ends", "giver", "ended")
    decision, version, withdrawn, taker, decided, ends, giver, ended = (f"{purpose.value}_{part}" for part in parts)
    rows = rows.annotate(
        **{
            decision: Subquery(latest.values("decision")[:1]),
            version: Subquery(latest.values("notice__version")[:1]),
            withdrawn: Subquery(latest.values("withdrawn_at")[:1]),
            taker: Subquery(latest.values("withdrawn_by")[:1]),
            decided: Subquery(latest.values("decided_at")[:1]),
            ends: Subquery(latest.values("ends_on")[:1]),
            giver: Subquery(latest.values("given_by")[:1]),
            ended: Subquery(latest.values("guardian__ended_at")[:1]),
        }
    )
    today = timezone.localdate()
    is_child = Q(age_band=AgeBand.UNDER_14) & (Q(age_band_until__isnull=True) | Q(age_band_until__gte=today))
    by_guardian, by_person = Q(**{giver: GivenBy.GUARDIAN}), Q(**{giver: GivenBy.PERSON})
    is_over = Q(**{f"{decided}__lte": F("face_ended_at")})
    is_yes = Q(**{decision: ConsentDecision.AGREE, f"{withdrawn}__isnull": True}) & (
        Q(face_ended_at__isnull=True) | Q(**{f"{decided}__gt": F("face_ended_at")})
    )
    is_stale = Q(**{f"{decision}__isnull": False}) if oldest is None else Q(**{f"{version}__lt": oldest})
    status = Case(
        When(**{f"{decision}__isnull": True}, then=Value(ConsentStatus.UNANSWERED.value)),
        When(**{f"{taker}__in": list(OWN_WITHDRAWALS)}, then=Value(ConsentStatus.WITHDRAWN.value)),
        When(by_guardian & ~is_child & is_yes, then=Value(ConsentStatus.NEEDS_PERSON.value)),
        When(by_guardian & ~is_child, then=Value(ConsentStatus.UNANSWERED.value)),
        When(**{f"{withdrawn}__isnull": False}, then=Value(ConsentStatus.WITHDRAWN.value)),
        When(~Q(**{decision: ConsentDecision.AGREE}), then=Value(ConsentStatus.DECLINED.value)),
        When(is_over | Q(**{f"{ended}__isnull": False}), then=Value(ConsentStatus.UNANSWERED.value)),
        When(is_child & by_person, then=Value(ConsentStatus.UNANSWERED.value)),
        When(is_stale, then=Value(ConsentStatus.STALE.value)),
        When(**{f"{ends}__lt": today}, then=Value(ConsentStatus.EXPIRED.value)),
        default=Value(ConsentStatus.AGREED.value),
    )
    return rows.annotate(**{f"consent_{purpose.value}": status})


def ends_on(person: Person) -> date | None:
    """Return the last day on which this person's face may be kept."""
    return face_ends_on(
        enrolled_on=person.face_enrolled_on, face_days=person.tenant.face_days, stay_ends_on=person.stay_ends_on
    )


def face_sentence(person: Person) -> str | Promise:
    """Say in one sentence what is kept of the face. An enrolled face says its end on the page itself."""
    if person.face_state == FaceState.CAPTURED and person.tenant.storage_mode == StorageMode.ON_DEVICE:
        return _("No face is kept yet. A terminal waits for the person.")
    return _FACE_SENTENCES.get(person.face_state, "")


def declined_at(consents: list[Consent]) -> Consent | None:
    """Return the answer that says no today, newest first, if one does: nobody may ask this person again.

    `consents` are a person's answers, newest first.
    """
    latest: dict[str, Consent] = {}
    for consent in consents:
        latest.setdefault(consent.purpose, consent)
    refused = [row for row in latest.values() if row.decision == ConsentDecision.DECLINE]
    return max(refused, key=lambda row: row.decided_at, default=None)
