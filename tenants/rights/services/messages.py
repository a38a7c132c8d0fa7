"""What is said about a request: to the person, by the person, and among members."""

import hashlib
from collections.abc import Sequence
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tenants.organizations.models import Property, User
from tenants.organizations.scoping import require_same_tenant
from tenants.people import senders
from tenants.rights.kinds import Delivery, MessageKind
from tenants.rights.models import RequestAttachment, RequestMessage, RightsRequest
from tenants.rights.request_tasks import queue_message
from tenants.rights.rules.papers import KEPT_FOR, MOST_PAPERS, NotAPaper, kind_of, plain_name
from tenants.rights.services.moving import locked, require_member, require_open

MOST_LETTERS = 4000
MOST_FROM_PERSON = 20  # in a day, so that a robot with a code cannot fill the inbox

_NOT_TAKEN: dict[str, Promise] = {
    "empty": _("This file is empty."),
    "too_large": _("This file is too large. Up to 2 MB are taken."),
    "too_much": _("This PDF unpacks to more than is taken. Save it anew as a plain PDF, or send the text."),
    "not_taken": _("Only PDF and plain text are taken."),
    "picture": _("Pictures are not taken, nor a PDF with pictures in it: nobody here needs a photo of you."),
    "active": _("This PDF is locked, or carries a program or another file. Save it as a plain PDF."),
}  # fmt: skip


@transaction.atomic
def write_to_person(
    *, tenant: Property, request: RightsRequest, text: str, author: User | None = None, template: str = ""
) -> RequestMessage:
    """Lay a message on the tracking page, and have a worker tell the person by mail or SMS that it is there.

    `template` names the ready text it came from, or the step of the portal that wrote it. Raises ValidationError.
    """
    require_same_tenant(tenant, request)
    if author is not None:
        require_member(tenant=tenant, user=author)
    return _write(request, MessageKind.TO_PERSON, text, author=author, template=template, is_to_be_sent=True)


@transaction.atomic
def write_from_person(
    *, tenant: Property, request: RightsRequest, text: str, papers: Sequence[tuple[str, bytes]] = ()
) -> RequestMessage:
    """Take what the person writes on the tracking page, with papers as (file name, content).

    Papers are told by their content: PDF or text, bounded, no pictures; they go after 90 days, or 30 days after
    the request is closed. Raises ValidationError: for a closed request, without words, and beside `papers`.
    """
    request = locked(tenant=tenant, request=request)
    require_open(request)
    since = timezone.now() - timedelta(days=1)
    earlier = RequestMessage.objects.filter(request=request, kind=MessageKind.FROM_PERSON, at__gt=since)
    if earlier.count() >= MOST_FROM_PERSON:
        raise ValidationError(_("You have written a lot today. Please go on tomorrow."), code="too_many")
    if len(papers) > MOST_PAPERS:
        raise ValidationError({"papers": ValidationError(_("Up to 3 files at once are taken."), code="too_many")})
    kinds = []
    for _name, content in papers:
        try:
            kinds.append(kind_of(content))
        except NotAPaper as refused:
            raise ValidationError(
                {"papers": ValidationError(str(_NOT_TAKEN[refused.code]), code=refused.code)}
            ) from refused
    message = _write(request, MessageKind.FROM_PERSON, text)
    for (name, content), kind in zip(papers, kinds, strict=True):
        RequestAttachment(
            tenant=tenant,
            message=message,
            name=plain_name(name),
            kind=kind,
            content=content,
            sha256=hashlib.sha256(content).hexdigest(),
            size=len(content),
            expires_at=timezone.now() + KEPT_FOR,
        ).save()
    return message


@transaction.atomic
def note(
    *, tenant: Property, request: RightsRequest, text: str, author: User | None, template: str = ""
) -> RequestMessage:
    """Write a note that only members read; the person finds it in the package of what is held (PIPL 45).

    Without an author it is the portal's own, and goes to who must know by mail. Raises ValidationError.
    """
    require_same_tenant(tenant, request)
    if author is not None:
        require_member(tenant=tenant, user=author)
    return _write(request, MessageKind.NOTE, text, author=author, template=template, is_to_be_sent=author is None)


def read_attachment(*, tenant: Property, attachment: RequestAttachment) -> bytes:
    """Return a paper's content, the same bytes as were sent. Raises ValidationError when it is gone or was changed."""
    require_same_tenant(tenant, attachment)
    content = bytes(attachment.content)
    if attachment.erased_at is not None or attachment.expires_at <= timezone.now() or not content:
        raise ValidationError(_("This paper was erased: its time was over."), code="erased")
    if hashlib.sha256(content).hexdigest() != attachment.sha256:
        raise ValidationError(_("This paper is not what was sent."), code="changed")
    return content


def _write(
    request: RightsRequest,
    kind: MessageKind,
    text: str,
    *,
    author: User | None = None,
    template: str = "",
    is_to_be_sent: bool = False,
) -> RequestMessage:
    text = text.strip()
    if not text:
        raise ValidationError({"text": ValidationError(_("Write something."), code="required")})
    if len(text) > MOST_LETTERS:
        raise ValidationError(
            {"text": ValidationError(_("Please write less: 4,000 letters at most."), code="too_long")}
        )
    is_sent_here = is_to_be_sent and bool(senders.channels())
    message = RequestMessage(
        tenant_id=request.tenant_id,
        request=request,
        kind=kind,
        text=text,
        template=template,
        author=author,
        at=timezone.now(),
        delivery=Delivery.WAITING if is_sent_here else Delivery.PAGE,
        next_try_at=timezone.now() if is_sent_here else None,
    )
    message.save()
    if is_sent_here:
        queue_message(message)
    return message
