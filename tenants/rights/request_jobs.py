"""What the workers do for requests. Every job may run twice without harm.

The network stands between two transactions, so that no lock waits for it. The first one counts the attempt and
books the next; then the message leaves; the second one writes down how it went. A worker that dies in between
costs at worst a second message. What is not sent stays on the tracking page, which was there first.
"""

import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from tenants.organizations.models import Membership, Property
from tenants.organizations.roles import Role
from tenants.organizations.scoping import tenant_context
from tenants.people import senders
from tenants.people.attempts import Attempts, CannotCount
from tenants.people.kinds import PromptChannel
from tenants.people.models import PersonIdentity
from tenants.people.senders import NotSent, Sender
from tenants.rights import letters
from tenants.rights.identity_codes import LIFETIME, addressee, hash_of, new_code
from tenants.rights.kinds import Delivery, MessageKind, Requester
from tenants.rights.models import IdentityCode, RequestMessage, RightsRequest
from tenants.rights.rules.contacts import channel_of, plain_contact
from tenants.rights.services import sweeping
from tenants.rights.services.moving import may_handle

logger = logging.getLogger(__name__)

# Each attempt is followed by its pause. A gateway that is down for a week-end loses no message.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 720, 1440, 1440))
# A code is waited for by somebody in front of the page.
CODE_PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 30))
# Nobody's telephone rings for every request that a stranger makes in their name.
_CODES_TO_ADDRESS = Attempts("identity-codes-to", count=6, seconds=24 * 3600)
_NEWS_TO_ADDRESS = Attempts("request-news-to", count=20, seconds=24 * 3600)


@dataclass(frozen=True)
class _Post:
    """Ready to go out. Lives in this process only; no repr shows whom it goes to or what it says."""

    sender: Sender = field(repr=False)
    to: tuple[str, ...] = field(repr=False)
    letter: letters.Letter = field(repr=False)


def send_message(*, tenant_id: uuid.UUID, message_id: uuid.UUID) -> None:
    """Tell the person, or the members, that there is something to read, if it waits and is due."""
    with tenant_context(tenant_id):
        post = _take_up(message_id)
    if post is None:
        return
    problem = _send(post)
    with tenant_context(tenant_id):
        message = RequestMessage.objects.select_for_update(of=("self",)).get(pk=message_id)
        if problem is None:
            message.sent_at = timezone.now()
            _end_message(message, Delivery.SENT)
        elif message.delivery == Delivery.WAITING and not (problem.can_retry and message.attempts < len(PAUSES)):
            _end_message(message, Delivery.FAILED)


def send_identity_code(*, tenant_id: uuid.UUID, code_id: uuid.UUID) -> None:
    """Make a code and send it to the contact on file, if there is one; each try makes another."""
    with tenant_context(tenant_id):
        post = _make_code(code_id)
    if post is None:
        return
    problem = _send(post)
    with tenant_context(tenant_id):
        code = IdentityCode.objects.select_for_update(of=("self",)).get(pk=code_id)
        if code.delivery != Delivery.WAITING:
            return
        if problem is None:
            code.delivery, code.next_try_at = Delivery.SENT, None
        elif not (problem.can_retry and code.sends < len(CODE_PAUSES)):
            code.delivery, code.next_try_at = Delivery.FAILED, None
        code.save()


def _send(post: _Post) -> NotSent | None:
    """Hand it over to everybody whom it is for; one of them is enough."""
    problem, is_out = None, False
    for to in post.to:
        try:
            post.sender.send(to=to, subject=post.letter.subject, text=post.letter.text)
            is_out = True
        except NotSent as refused:
            problem = refused
            logger.warning("A message about a request was not sent: %s.", refused.reason)
    return None if is_out else problem


def _take_up(message_id: uuid.UUID) -> _Post | None:
    now = timezone.now()
    rows = RequestMessage.objects.select_for_update(of=("self",))
    message = rows.select_related("request__tenant__handler", "request__person").get(pk=message_id)
    if message.delivery != Delivery.WAITING or message.next_try_at is None or message.next_try_at > now:
        return None
    if message.attempts >= len(PAUSES):
        _end_message(message, Delivery.FAILED)
        return None
    post = _to_members(message) if message.kind == MessageKind.NOTE else _to_person(message)
    if post is None:
        _end_message(message, Delivery.PAGE)
        return None
    message.next_try_at = now + PAUSES[message.attempts]
    message.attempts += 1
    message.save()
    return post


def _to_person(message: RequestMessage) -> _Post | None:
    request = message.request
    tenant = request.tenant
    for channel, address in _addresses(request):
        sender = senders.sender_for(channel)
        if sender is None or not (message.attempts or _may_ring(_NEWS_TO_ADDRESS, tenant, address)):
            continue
        find = settings.PUBLIC_URL.rstrip("/") + reverse("request_find", args=[tenant.slug])
        letter = letters.news(
            name_zh=tenant.name,
            name_en=tenant.name_en,
            handler=tenant.handler.name,
            number=request.number,
            address=find,
        )
        return _Post(sender=sender, to=(address,), letter=letter)
    return None


def _addresses(request: RightsRequest) -> list[tuple[PromptChannel, str]]:
    """Return where whoever asks is reached, the surest first.

    The record's own contact once it is proved that the person asks; else what was typed, which may be wrong: so
    a message says that there is something to read and nothing of what it is.
    """
    found: list[tuple[PromptChannel, str]] = []
    if request.person_id is not None and request.identity_by and request.asked_by == Requester.SELF:
        identity = PersonIdentity.objects.filter(person=request.person_id).first()
        if identity is not None:
            found += [(PromptChannel.SMS, identity.phone), (PromptChannel.EMAIL, identity.email)]
    typed = channel_of(request.contact)
    if typed is not None:
        found.append((typed, plain_contact(request.contact)))
    return [(channel, address) for channel, address in found if address]


def _to_members(message: RequestMessage) -> _Post | None:
    request = message.request
    sender = senders.sender_for(PromptChannel.EMAIL)
    to = tuple(_members(request))
    if sender is None or not to:
        return None
    page = settings.PUBLIC_URL.rstrip("/") + reverse("request", args=[request.tenant.slug, request.pk])
    letter = letters.to_members(name=request.tenant.name, number=request.number, text=message.text, address=page)
    return _Post(sender=sender, to=to, letter=letter)


def _members(request: RightsRequest) -> list[str]:
    """Owners and privacy officers, and whoever the request was given to."""
    rows = Membership.objects.filter(tenant=request.tenant, is_active=True, user__is_active=True)
    found = rows.filter(role__in=[Role.OWNER, Role.PRIVACY_OFFICER]).select_related("user").order_by("user__email")
    emails = [row.user.email for row in found]
    assigned = request.assigned_to
    if assigned is not None and assigned.email not in emails and may_handle(tenant=request.tenant, user=assigned):
        emails.append(assigned.email)
    return emails


def _make_code(code_id: uuid.UUID) -> _Post | None:
    now = timezone.now()
    rows = IdentityCode.objects.select_for_update(of=("self",)).select_related("request__tenant__handler")
    code = rows.get(pk=code_id)
    if code.delivery != Delivery.WAITING or code.next_try_at is None or code.next_try_at > now:
        return None
    found = addressee(code.request)
    sender = senders.sender_for(found[1]) if found is not None else None
    if found is None or sender is None or code.sends >= len(CODE_PAUSES) or code.request.identity_by:
        _no_code(code)
        return None
    person, _channel, address = found
    if not code.sends and not _may_ring(_CODES_TO_ADDRESS, code.request.tenant, address):
        _no_code(code)
        return None
    digits = new_code()
    code.person, code.code_hash = person, hash_of(code.pk, digits)
    code.sent_at, code.expires_at, code.attempts = now, now + LIFETIME, 0
    code.next_try_at = now + CODE_PAUSES[code.sends]
    code.sends += 1
    code.save()
    tenant = code.request.tenant
    letter = letters.one_time_code(
        name_zh=tenant.name, name_en=tenant.name_en, number=code.request.number, digits=digits
    )
    return _Post(sender=sender, to=(address,), letter=letter)


def _no_code(code: IdentityCode) -> None:
    """The contact is nobody's, or no message may go there. Members see it; whoever asks is told the same as ever."""
    code.code_hash, code.person = hash_of(code.pk, new_code()), None
    code.delivery, code.next_try_at = Delivery.FAILED, None
    code.save()


def _end_message(message: RequestMessage, delivery: Delivery) -> None:
    message.delivery, message.next_try_at = delivery, None
    message.save()


def _may_ring(limit: Attempts, tenant: Property, address: str) -> bool:
    try:
        # One telephone, however its number is written.
        return limit.take(f"{tenant.pk}:{plain_contact(address) or address.casefold()}")
    except CannotCount:
        return True  # the public form has limits of its own, and a person's right does not hang on a cache


def sweep_requests() -> int:
    """Sweep every property's requests; return how many rows were acted on. One failure stops no other property."""
    done = 0
    for tenant in Property.objects.select_related("handler").order_by("pk"):
        try:
            done += sweep_tenant(tenant)
        except Exception:
            logger.exception("The sweep of requests of property %s failed.", tenant.pk)
    return done


def sweep_tenant(tenant: Property) -> int:
    """Act on every date of one property's requests, each request in a transaction of its own."""
    done = 0
    with tenant_context(tenant.pk):
        wanted = sweeping.wanted(tenant)
    for act, ids in wanted:
        for pk in ids:
            done += _one(tenant, act, pk)
    return done


def _one(tenant: Property, act: Callable[..., bool], pk: uuid.UUID) -> bool:
    try:
        with transaction.atomic(), tenant_context(tenant.pk):
            return act(tenant=tenant, pk=pk)
    except Exception:
        logger.exception("A step of the sweep failed for %s.", pk)
        return False
