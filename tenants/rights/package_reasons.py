"""Why each store holds what it holds, on which article, and until when (PIPL 17, 45)."""

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tenants.organizations.models import Property
from tenants.people.models import Consent, Person
from tenants.people.rules.consents import face_ends_on


@dataclass(frozen=True)
class Reason:
    """Shown in the package. `until` may name the property's own periods: face_days, event_days, request_days."""

    purpose: str | Promise
    article: str | Promise
    until: str | Promise


_WITH_THE_RECORD = _("Until you no longer live, work or stay here, or you ask us to delete it.")
_WITH_THE_FACE = _("As long as the face: %(face_days)s days at most, and never longer than your consent or your stay.")
_EVIDENCE = _("At least three years after the end of the processing, because the law asks for evidence.")

REASONS: dict[str, Reason] = {
    "identity": Reason(_("To know who lives here, and to reach you."), "PIPL 13", _WITH_THE_RECORD),
    "links": Reason(_("So that you reach your own page without a password."), "PIPL 50", _WITH_THE_RECORD),
    "passes": Reason(_("So that you open the doors without your face."), "Art 10", _WITH_THE_RECORD),
    "requests": Reason(
        _("To answer you."),
        "PIPL 50",
        _("%(request_days)s days after the request is closed; that it was answered, longer."),
    ),
    "complaints": Reason(
        _("To answer you."), "NDSMR 20", _("%(request_days)s days after the answer; that it was answered, longer.")
    ),
    "guardians": Reason(_("To know who decides for a child."), "PIPL 31", _WITH_THE_RECORD),
    "papers": Reason(_("To prove what was signed on paper."), "PIPL 29", _WITH_THE_RECORD),
    "minor_accesses": Reason(
        _("To show who opened a child's record, and why."),
        _("Minors Network Protection Regulation Art 36"),
        _WITH_THE_RECORD,
    ),
    "holds": Reason(_("To keep rows that a proceeding needs."), "PIPL 47", _WITH_THE_RECORD),
    "evidence": Reason(_("To prove what you were told and what you answered."), "Art 9", _EVIDENCE),
    "packages": Reason(_("So that you can download what is held about you."), "PIPL 45", _("14 days each.")),
    "work_files": Reason(_("So that staff can work with a list."), "PIPL 13", _("A day each.")),
    "templates": Reason(_("To open the doors with your face, with your consent."), "Art 6", _WITH_THE_FACE),
    "captures": Reason(_("To make the face template out of a photo."), "Art 8", _WITH_THE_FACE),
    "likenesses": Reason(_("So that nobody is mistaken for somebody who looks the same."), "PIPL 8", _WITH_THE_FACE),
    "batches": Reason(_("To tell you what became of a photo."), "PIPL 29", _("A week.")),
    "events": Reason(
        _("To find out what happened at a door, and to show you why it stayed shut."),
        "PIPL 13",
        _("%(event_days)s days each."),
    ),
    "gallery": Reason(_("To compare faces at the door, in memory only."), "Art 6", _WITH_THE_FACE),
    "devices": Reason(_("To open the doors with your face, with your consent."), "Art 8", _WITH_THE_FACE),
}
_ANY = Reason(_("To run this property's doors."), "PIPL 13", _WITH_THE_RECORD)
_OF_THE_FACE = frozenset({"templates", "captures", "gallery", "devices", "likenesses"})


def reason_of(store: str) -> Reason:
    return REASONS.get(store, _ANY)


def until(store: str, *, tenant: Property) -> str:
    """Return how long, in the reader's language, with the property's own periods."""
    days = {"face_days": tenant.face_days, "event_days": tenant.event_days, "request_days": tenant.request_days}
    return str(reason_of(store).until) % days


def until_on(store: str, *, person: Person, consents: list[Consent]) -> date | None:
    """Return the last Beijing day, where one is known: of a face that is kept, the earliest of its ends."""
    if store not in _OF_THE_FACE or person.face_enrolled_on is None:
        return None
    ends = [row.ends_on for row in consents if row.stands and row.ends_on]
    return face_ends_on(
        enrolled_on=person.face_enrolled_on,
        face_days=person.tenant.face_days,
        stay_ends_on=person.stay_ends_on,
        consent_ends_on=min(ends, default=None),
    )
