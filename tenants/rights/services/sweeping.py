"""What passes without anybody acting: reminders, the fifth day, lapses, papers whose time is over, waiting messages.

Every step locks its row and judges it again, so that two sweeps at once do each step once.
"""

import uuid
from collections.abc import Callable

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from tenants.organizations.models import Property
from tenants.rights import ready_texts
from tenants.rights.kinds import Delivery, MessageKind, RefusalCode
from tenants.rights.models import IdentityCode, RequestAttachment, RequestMessage, RightsRequest
from tenants.rights.request_tasks import queue_code, queue_message
from tenants.rights.rules.clocks import is_past_target
from tenants.rights.rules.papers import KEPT_AFTER_CLOSING
from tenants.rights.rules.transitions import OPEN_STATES
from tenants.rights.services.answering import refuse
from tenants.rights.services.messages import note
from tenants.rights.services.moving import clock_of, set_due

Act = Callable[..., bool]


def wanted(tenant: Property) -> list[tuple[Act, list[uuid.UUID]]]:
    """Return each step with the rows that it is due for. Five queries, whatever the size."""
    now = timezone.now()
    requests = RightsRequest.objects.filter(tenant=tenant)
    codes = IdentityCode.objects.filter(tenant=tenant, delivery=Delivery.WAITING, next_try_at__lte=now)
    messages = RequestMessage.objects.filter(tenant=tenant, delivery=Delivery.WAITING, next_try_at__lte=now)
    papers = RequestAttachment.objects.filter(tenant=tenant, erased_at__isnull=True, expires_at__lte=now)
    strangers = requests.exclude(state__in=OPEN_STATES).filter(
        person__isnull=True, closed_at__lte=now - KEPT_AFTER_CLOSING
    )
    is_open = requests.filter(state__in=OPEN_STATES).defer("message", "answer", "seal_key")
    return [
        (keep_time, [row.pk for row in is_open if _judge(row)]),
        (forget_stranger, list(strangers.filter(_written()).values_list("pk", flat=True))),
        (expire_paper, list(papers.values_list("pk", flat=True))),
        (_send_code, list(codes.values_list("pk", flat=True))),
        (_send_message, list(messages.values_list("pk", flat=True))),
    ]


def keep_time(*, tenant: Property, pk: uuid.UUID) -> bool:
    """Let one open request's clock do what today asks of it: move on, escalate, remind, or lapse."""
    rows = RightsRequest.objects.select_for_update(of=("self",), skip_locked=True).select_related("tenant", "person")
    request = rows.filter(pk=pk, state__in=OPEN_STATES).first()
    if request is None:
        return False
    due = _judge(request)
    if "lapse" in due:
        text = ready_texts.lapsed(request)
        refuse(tenant=tenant, request=request, code=RefusalCode.NOT_PROVED, article="PIPL 50", text=text, actor=None)
        return True
    if "day" in due:
        set_due(request)  # a pause moves it on; a calendar that was announced meanwhile makes it final
    if "remind" in due:
        request.reminded_on = timezone.localdate()
    if "escalate" in due:
        request.escalated_at = timezone.now()
        _tell(tenant, request, "escalated")
    elif "remind" in due:
        _tell(tenant, request, "reminder")
    if due:
        request.save()
    return bool(due)


def _judge(request: RightsRequest) -> set[str]:
    """Return what an open request's clock asks for today: `lapse`, `day`, `remind`, `escalate`."""
    today, clock = timezone.localdate(), clock_of(request)
    last, asked = clock.due(today), set()
    is_late = is_past_target(
        kind=request.kind, state=request.state, proved_at=request.identity_checked_at, now=timezone.now()
    )
    if clock.has_lapsed(today):
        asked.add("lapse")
    if (last.on, last.is_final) != (request.due_on, request.is_due_final):
        asked.add("day")
    if clock.is_to_remind(today) or (is_late and request.reminded_on is None):
        asked.add("remind")
    if request.escalated_at is None and clock.is_to_escalate(today):
        asked.add("escalate")
    return asked


def expire_paper(*, tenant: Property, pk: uuid.UUID) -> bool:
    """Empty a paper whose time is over; its fingerprint stays."""
    rows = RequestAttachment.objects.select_for_update(skip_locked=True).defer("content")
    paper = rows.filter(tenant=tenant, pk=pk, erased_at__isnull=True, expires_at__lte=timezone.now()).first()
    if paper is None:
        return False
    paper.content, paper.name, paper.erased_at = b"", "", timezone.now()
    paper.save()
    return True


def forget_stranger(*, tenant: Property, pk: uuid.UUID) -> bool:
    """Blank what somebody wrote who never proved who they are: no record holds it, so no erasure would reach it."""
    rows = RightsRequest.objects.select_for_update(of=("self",), skip_locked=True)
    request = rows.filter(_written(), tenant=tenant, pk=pk, person__isnull=True).first()
    if request is None:
        return False
    request.name = request.contact = request.room = request.message = request.relation = ""
    request.save()
    for message in RequestMessage.objects.select_for_update(of=("self",)).filter(_SAID, request=request):
        message.text = ""
        message.save()
    return True


# What they sent afterwards, and what members noted about them. What they were told stays on the tracking page.
_SAID = Q(kind__in=[MessageKind.FROM_PERSON, MessageKind.NOTE]) & ~Q(text="")


def _written() -> Q:
    said = Exists(RequestMessage.objects.filter(_SAID, request=OuterRef("pk")))
    return ~Q(name="") | ~Q(contact="") | ~Q(room="") | ~Q(message="") | ~Q(relation="") | Q(said)


def _send_code(*, tenant: Property, pk: uuid.UUID) -> bool:
    queue_code(IdentityCode(tenant=tenant, pk=pk))
    return True


def _send_message(*, tenant: Property, pk: uuid.UUID) -> bool:
    queue_message(RequestMessage(tenant=tenant, pk=pk))
    return True


def _tell(tenant: Property, request: RightsRequest, template: str) -> None:
    """Write a note that goes to owners and privacy officers by mail."""
    with override(settings.LANGUAGE_CODE):
        day = {"number": request.number, "date": date_format(request.due_on, "DATE_FORMAT")}
        if template == "escalated":
            text = _("Request %(number)s has been open for five days. It is due on %(date)s.") % day
        elif timezone.localdate() > request.due_on:
            text = _("Request %(number)s is overdue since %(date)s. Answer now.") % day
        else:
            text = _("Request %(number)s is due on %(date)s.") % day
        note(tenant=tenant, request=request, text=text, author=None, template=template)
