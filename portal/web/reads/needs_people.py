"""People who wait: requests and complaints by their clock, and erasures whose receipts are missing."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from portal.web.reads import terminals
from portal.web.reads.complaints import urgent
from portal.web.reads.due import complaint_clock, due_sentence, request_clock
from portal.web.reads.today import Facts
from portal.web.reads.todo import FOLD, folded
from recognition.edge.models import DeviceCopy
from recognition.edge.reads import pending
from tenants.clearance.checks import article_name
from tenants.rights.models import Complaint, Erasure, RightsRequest


def requests(facts: Facts) -> Iterator[dict[str, Any]]:
    clocks = [(request, request_clock(request, facts.today)) for request in facts.urgent]
    pressing = [(request, clock) for request, clock in clocks if clock["tone"] in {"stop", "due"}]
    yield from folded(
        pressing,
        lambda pair: _request(facts, *pair),
        what=_("Requests"),
        url=reverse("requests", args=[facts.tenant.slug]),
        # More are read only when all of the first ones press.
        total=facts.requests["overdue"] + facts.requests["soon"] if len(pressing) == len(clocks) else 0,
    )


def _request(facts: Facts, request: RightsRequest, clock: dict[str, str]) -> dict[str, Any]:
    return {
        "tone": clock["tone"],
        "is_clock": True,
        "title": _("Request %(number)s: %(kind)s") % {"number": request.number, "kind": request.get_kind_display()},
        "detail": due_sentence(request),
        "article": article_name("PIPL 50"),
        "badge": clock["text"],
        "url": reverse("request", args=[facts.tenant.slug, request.pk]),
        "label": _("Answer it"),
    }


def complaints(facts: Facts) -> Iterator[dict[str, Any]]:
    """What is overdue, due today, or has waited for five working days: then it is everybody's."""
    yield from folded(
        list(urgent(facts.tenant, facts.today)),
        lambda complaint: _complaint(facts, complaint),
        what=_("Complaints"),
        url=reverse("complaints", args=[facts.tenant.slug]),
    )


def _complaint(facts: Facts, complaint: Complaint) -> dict[str, Any]:
    clock = complaint_clock(complaint, facts.today)
    return {
        "tone": clock["tone"],
        "is_clock": True,
        "title": _("Complaint %(number)s has no answer") % {"number": complaint.number},
        "detail": due_sentence(complaint),
        "article": article_name("NDSMR 20"),
        "badge": clock["text"],
        "url": reverse("complaint", args=[facts.tenant.slug, complaint.pk]),
        "label": _("Answer it"),
    }


def erasures(facts: Facts) -> Iterator[dict[str, Any]]:
    unconfirmed = pending(people=[erasure.person_id for erasure in facts.waiting[: FOLD + 1]])
    yield from folded(
        facts.waiting,
        lambda erasure: _erasure(facts, erasure, unconfirmed.get(erasure.person_id, [])),
        what=_("Erasures"),
        url=reverse("erasures", args=[facts.tenant.slug]),
        total=facts.erasures["waiting"],
    )


def _erasure(facts: Facts, erasure: Erasure, copies: list[DeviceCopy]) -> dict[str, Any]:
    since = date_format(localtime(erasure.ordered_at), "DATETIME_FORMAT")
    devices = [terminals.unconfirmed(copy) for copy in copies]
    ordered = {"reason": erasure.get_reason_display(), "since": since}
    return {
        "tone": "due",
        "title": _("The erasure of %(person)s is not complete") % {"person": erasure.person.code},
        "detail": " ".join([_("%(reason)s · ordered %(since)s.") % ordered, *devices])
        if devices
        else _("%(reason)s · ordered %(since)s · the face opens nothing since then.") % ordered,
        "article": article_name("PIPL 47"),
        "badge": _("Waiting for receipts"),
        "url": reverse("erasure", args=[facts.tenant.slug, erasure.pk]),
        "label": _("See the receipts"),
    }
