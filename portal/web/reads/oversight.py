"""Who looks after access: what platform staff look at in an emergency, and when access was reviewed last."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from tenants.organizations.models import AccessReview, EmergencyAccess, Membership, Property
from tenants.organizations.roles import Permission as P
from tenants.organizations.rules import is_review_near
from tenants.organizations.services import reviews

SHOWN_AFTERWARDS = timedelta(days=7)


def emergencies(tenant: Property) -> QuerySet[EmergencyAccess]:
    """Return all of a property, the newest first."""
    return EmergencyAccess.objects.filter(tenant=tenant).select_related("staff", "ended_by").order_by("-started_at")


def banners(tenant: Property) -> list[dict[str, Any]]:
    """Return a remark for every page while platform staff look in. One query."""
    may_read = P.VIEW_MEMBERS in tenant.granted
    rows = []
    for emergency in EmergencyAccess.objects.standing().filter(tenant=tenant).select_related("staff"):
        until = date_format(localtime(emergency.ends_at), "DATETIME_FORMAT")
        is_own = tenant.emergency is not None and tenant.emergency.pk == emergency.pk
        text = (
            _("You look in under emergency access until %(until)s. The property sees it; each page is written down.")
            if is_own
            else _("%(who)s of the platform looks in under emergency access until %(until)s.")
        )
        rows.append(
            {
                "text": text % {"who": emergency.staff.email, "until": until},
                "url": reverse("emergencies", args=[tenant.slug]) if may_read else "",
                "label": _("See why"),
            }
        )
    return rows


def needs(tenant: Property) -> Iterator[dict[str, Any]]:
    """Return items of Today: emergency accesses of the last days, and a review that is near or late."""
    if P.VIEW_MEMBERS in tenant.granted:
        yield from _recent(tenant)
    if P.MANAGE_MEMBERS in tenant.granted:
        yield from _review(tenant)


def _recent(tenant: Property) -> Iterator[dict[str, Any]]:
    since = timezone.now() - SHOWN_AFTERWARDS
    for emergency in emergencies(tenant).filter(ends_at__gt=since):
        times = {
            "from": date_format(localtime(emergency.started_at), "DATETIME_FORMAT"),
            "until": date_format(localtime(emergency.ended_at or emergency.ends_at), "DATETIME_FORMAT"),
        }
        who = {"who": emergency.staff.email}
        yield {
            "tone": "due" if emergency.is_standing else "info",
            "title": _("Platform staff look in: %(who)s") % who
            if emergency.is_standing
            else _("Platform staff looked in: %(who)s") % who,
            "detail": _("%(from)s to %(until)s") % times,
            "article": "",
            "badge": _("Emergency access"),
            "url": reverse("emergencies", args=[tenant.slug]),
            "label": _("See why"),
        }


def _review(tenant: Property) -> Iterator[dict[str, Any]]:
    due, today = reviews.due_on(tenant), timezone.localdate()
    if is_review_near(due, today):
        yield {
            "tone": "due",
            "title": _("Review who has access"),
            "detail": _("Look at each member once a quarter: keep, another role, or remove. Due on %(date)s.")
            % {"date": date_format(due, "DATE_FORMAT")},
            "article": "",
            "badge": _("Overdue") if due < today else _("Due soon"),
            "url": reverse("access_review", args=[tenant.slug]),
            "label": _("Review it"),
        }


def members_to_review(tenant: Property) -> QuerySet[Membership]:
    """Return the active members, each with `has_second_factor`. Recovery codes alone are none."""
    factors = Authenticator.objects.filter(user=OuterRef("user")).exclude(type=Authenticator.Type.RECOVERY_CODES)
    rows = Membership.objects.filter(tenant=tenant, is_active=True).select_related("user")
    return rows.annotate(has_second_factor=Exists(factors)).order_by("created_at", "pk")


def past_reviews(tenant: Property) -> QuerySet[AccessReview]:
    return AccessReview.objects.filter(tenant=tenant).select_related("reviewed_by").order_by("-reviewed_at")


def review_lines(tenant: Property, rows: list[AccessReview]) -> list[dict[str, Any]]:
    """Say of each review what was decided about whom. One query for the members, whatever their number."""
    members = Membership.objects.filter(tenant=tenant).select_related("user")
    names = {str(member.pk): str(member.user) for member in members}
    words = {reviews.KEEP: _("kept"), reviews.REMOVE: _("removed"), reviews.CHANGE: _("another role")}
    return [
        {
            "review": row,
            "was_late": timezone.localdate(row.reviewed_at) > row.due_on,
            "decisions": [
                {"who": names.get(one["membership"], one["membership"]), "what": words[one["decision"]]}
                for one in row.decisions
            ],
        }
        for row in rows
    ]
