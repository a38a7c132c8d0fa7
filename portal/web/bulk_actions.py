"""The few things that may be done to many people, devices or requests at once. Each calls its service for each row."""

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.web.bulk import ERASED, NOT_OPEN, Action, Data, register
from tenants.organizations.models import Property, User
from tenants.organizations.roles import Permission
from tenants.people import senders
from tenants.people.kinds import AgeBand, ConsentPurpose, ConsentStatus, PassKind, PassState, PromptChannel
from tenants.people.models import Pass
from tenants.people.services import consents, invitations, passes, persons, prompts
from tenants.premises.kinds import DeviceState
from tenants.premises.services import devices, signs
from tenants.rights.rules import OPEN_STATES
from tenants.rights.services import requests
from tenants.transparency.models import Notice

Reasons = dict[uuid.UUID, Any]


def _closed(rows: Sequence[Any]) -> Reasons:
    """Whose record is gone, or closed to this member (Minors Reg. 36)."""
    gone = {row.pk: ERASED for row in rows if row.erased_at or not hasattr(row, "identity")}
    return {row.pk: NOT_OPEN for row in rows if row.is_hidden} | gone


def _no_invitation(tenant: Property, _actor: User, rows: Sequence[Any], data: Data) -> Reasons:
    """The rules of `prompts`, for many: never after a no, never twice in 48 hours, and only with an address."""
    if Notice.objects.filter(tenant=tenant).current() is None:
        return {row.pk: _("there is no notice to read yet") for row in rows}
    lately = prompts.asked_lately(people=[row.pk for row in rows], now=timezone.now())
    field = "phone" if data["channel"] == PromptChannel.SMS else "email"
    found, statuses = _closed(rows), consents.statuses_of(tenant, rows)
    for row in rows:
        if row.pk not in found and (why := _not_asked(row, statuses[row.pk], lately, field)):
            found[row.pk] = why
    return found


def _not_asked(
    row: Any, statuses: dict[ConsentPurpose, ConsentStatus], lately: set[tuple[uuid.UUID, str]], field: str
) -> Any:
    wanted = [purpose for purpose, status in statuses.items() if status != ConsentStatus.AGREED]
    if row.died_on:
        return _("nothing is asked here any more")
    if row.band == AgeBand.UNDER_14:
        return _("a child: the guardian is asked, on the child's page")
    if prompts.REFUSED & set(statuses.values()):
        return _("said no: nobody asks again")
    if not wanted:
        return _("everything is answered already")
    if any((row.pk, purpose.value) in lately for purpose in wanted):
        return _("was asked within the last 48 hours")
    return "" if getattr(row.identity, field) else _("no address on file for this kind of message")


def _invite(tenant: Property, actor: User, row: Any, data: Data) -> None:
    invitations.invite_by_message(tenant=tenant, person=row, channel=data["channel"], actor=actor)


def _no_stay(_tenant: Property, _actor: User, rows: Sequence[Any], data: Data) -> Reasons:
    day = date.fromisoformat(data["day"])
    return {row.pk: _("ends on that day already") for row in rows if row.stay_ends_on == day} | _closed(rows)


def _set_stay(tenant: Property, _actor: User, row: Any, data: Data) -> None:
    identity = row.identity
    persons.update_person(
        tenant=tenant,
        person=row,
        name=identity.name,
        kind=row.kind,
        age_band=row.band,
        phone=identity.phone,
        email=identity.email,
        room=identity.room,
        stay_ends_on=date.fromisoformat(data["day"]),
    )


def _no_qr(tenant: Property, _actor: User, rows: Sequence[Any], _data: Data) -> Reasons:
    having = Pass.objects.filter(tenant=tenant, person__in=[row.pk for row in rows], kind=PassKind.QR)
    have = set(having.filter(state=PassState.ACTIVE).values_list("person_id", flat=True))
    return {row.pk: _("has a QR pass already") for row in rows if row.pk in have} | _closed(rows)


def _issue_qr(tenant: Property, _actor: User, row: Any, _data: Data) -> None:
    passes.issue_qr(tenant=tenant, person=row)


def _not_active(_tenant: Property, _actor: User, rows: Sequence[Any], _data: Data) -> Reasons:
    return {row.pk: _("is not active") for row in rows if row.state != DeviceState.ACTIVE}


def _suspend(tenant: Property, _actor: User, row: Any, _data: Data) -> None:
    devices.suspend(tenant=tenant, device=row)


def _no_sign(tenant: Property, actor: User, rows: Sequence[Any], _data: Data) -> Reasons:
    if not signs.others(tenant=tenant, actor=actor):
        return {row.pk: _("nobody else here looks after devices") for row in rows}
    lately = signs.asked_lately(tenant=tenant, devices=[row.pk for row in rows])
    asked = {row.pk: _("was asked for within the last week") for row in rows if row.pk in lately}
    return asked | {row.pk: _("is retired") for row in rows if row.state == DeviceState.RETIRED}


def _ask_for_sign(tenant: Property, actor: User, row: Any, _data: Data) -> None:
    signs.ask_for_photo(tenant=tenant, device=row, actor=actor)


def _not_assigned(_tenant: Property, _actor: User, rows: Sequence[Any], data: Data) -> Reasons:
    same = {row.pk: _("is with this member already") for row in rows if str(row.assigned_to_id or "") == data["to"]}
    return same | {row.pk: _("is closed") for row in rows if row.state not in OPEN_STATES}


def _assign(tenant: Property, actor: User, row: Any, data: Data) -> None:
    requests.assign(tenant=tenant, request=row, to=User.objects.get(pk=data["to"]), actor=actor)


ACTIONS = (
    Action(
        name="invite",
        label=_("Send invitations"),
        listing="people",
        permission=Permission.MANAGE_PEOPLE,
        judge=_no_invitation,
        act=_invite,
        fields=("channel",),
        code=lambda row: row.code,
        is_offered=lambda: bool(senders.channels()),
        warning=_("Each gets one message with their own link, and answers alone. Saying nothing changes nothing."),
    ),
    Action(
        name="stay",
        label=_("Set the end of the stay"),
        listing="people",
        permission=Permission.MANAGE_PEOPLE,
        judge=_no_stay,
        act=_set_stay,
        fields=("day",),
        code=lambda row: row.code,
        warning=_("After that day a face that is kept is erased."),
    ),
    Action(
        name="qr",
        label=_("Give a QR pass"),
        listing="people",
        permission=Permission.MANAGE_PEOPLE,
        judge=_no_qr,
        act=_issue_qr,
        code=lambda row: row.code,
        warning=_("It opens every door that takes a code, and is drawn on the person's own page."),
    ),
    Action(
        name="suspend",
        label=_("Suspend"),
        listing="devices",
        permission=Permission.MANAGE_PREMISES,
        judge=_not_active,
        act=_suspend,
        code=lambda row: row.name,
        warning=_(
            "No face opens these doors until a member starts each device again. Cards, codes and staff still do."
        ),
    ),
    Action(
        name="sign",
        label=_("Ask for a new photo of the sign"),
        listing="devices",
        permission=Permission.MANAGE_PREMISES,
        judge=_no_sign,
        act=_ask_for_sign,
        code=lambda row: row.name,
        warning=_(
            "Your colleagues who look after devices are told, each as they chose. The devices go on as they are."
        ),
    ),
    Action(
        name="assign",
        label=_("Assign"),
        listing="requests",
        permission=Permission.HANDLE_REQUESTS,
        judge=_not_assigned,
        act=_assign,
        fields=("to",),
        code=lambda row: row.number,
    ),
)


def register_all() -> None:
    for action in ACTIONS:
        register(action)
