"""What the pages of one request show: its steps with their dates, what is asked of the person, and the talk."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portal.web.reads.due import due_sentence
from tenants.organizations.models import Membership, Property, User
from tenants.organizations.roles import ROLE_PERMISSIONS, Permission, Role
from tenants.rights.kinds import MessageKind, RequestState
from tenants.rights.models import RequestAttachment, RequestMessage, RightsRequest
from tenants.rights.rules import OPEN_STATES


@dataclass(frozen=True)
class Step:
    """`state` is done, current or todo; `detail` is a date or a sentence."""

    label: str
    state: str
    detail: str = ""


def steps(request: RightsRequest) -> list[Step]:
    """Return what has happened and what comes, in the person's words."""
    is_open, is_proved = request.state in OPEN_STATES, request.identity_checked_at is not None
    found = [Step(_("We have your request"), "done", _day(request.received_at))]
    if is_proved:
        found.append(Step(_("We know that it is you"), "done", _day(request.identity_checked_at)))
    elif is_open:
        found.append(Step(_("Prove that it is you"), "current", _waiting(request)))
    if not is_open:
        return [*found, Step(_END[RequestState(request.state)](), "done", _day(request.closed_at))]
    found.append(Step(_("We work on it"), "current" if is_proved else "todo", _longer(request)))
    return [*found, Step(_("You have the answer"), "todo", due_sentence(request))]


_END = {
    RequestState.ANSWERED: lambda: _("Your request is answered"),
    RequestState.REFUSED: lambda: _("Your request was refused"),
    RequestState.MERGED: lambda: _("It goes on with your earlier request"),
    RequestState.TAKEN_BACK: lambda: _("You took it back"),
}


def _day(at: datetime | None) -> str:
    return "" if at is None else date_format(timezone.localtime(at), "DATETIME_FORMAT")


def _date(on: date) -> str:
    return date_format(on, "DATE_FORMAT")


def _waiting(request: RightsRequest) -> str:
    if request.paused_on is None:
        return ""
    return _("Since %(date)s the days to answer stand still, until it is proved.") % {"date": _date(request.paused_on)}


def _longer(request: RightsRequest) -> str:
    if request.extended_on is None:
        return ""
    facts = {"date": _date(request.extended_on), "reason": request.extension_reason}
    return _("On %(date)s we took more time: %(reason)s") % facts


def talk(request: RightsRequest, *, for_person: bool) -> list[RequestMessage]:
    """Return the messages, oldest first; the person sees no notes. Two queries, and no paper's content."""
    papers = RequestAttachment.objects.defer("content").order_by("name", "pk")
    rows = RequestMessage.objects.filter(request=request).select_related("author")
    if for_person:
        # The answer stands above the talk already.
        rows = rows.exclude(kind=MessageKind.NOTE).exclude(kind=MessageKind.TO_PERSON, text=request.answer)
    return list(rows.prefetch_related(Prefetch("attachments", queryset=papers)).order_by("at", "pk"))


def papers_of(tenant: Property) -> QuerySet[RequestAttachment]:
    return RequestAttachment.objects.filter(tenant=tenant).select_related("message__request__person")


def members_who_answer(tenant: Property) -> QuerySet[User]:
    """Return the members whose role answers requests and complaints, for a choice."""
    roles = [role for role in Role if Permission.HANDLE_REQUESTS in ROLE_PERMISSIONS[role]]
    users = Membership.objects.filter(tenant=tenant, is_active=True, role__in=roles).values("user")
    return User.objects.filter(pk__in=users).order_by("name", "email")
