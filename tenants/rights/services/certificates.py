"""The certificate of an erasure: what was erased, where and when, signed; it names nobody.

Issued once, by a process of the web role, when the last receipt is in. Evidence: nobody changes or deletes it.
"""

import base64
import uuid
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from tenants.rights import signing, stores
from tenants.rights.certificate_text import FORMAT, canonical, wrap
from tenants.rights.kinds import ErasureScope
from tenants.rights.models import Certificate, Erasure, ErasureReceipt
from tenants.rights.rules.erasing import kept_until
from tenants.rights.services import holds, messages
from tenants.rights.signing import Signed


@transaction.atomic
def issue(*, erasure_id: uuid.UUID) -> Certificate | None:
    """Sign what is known of an erasure, and tell whoever asked for it; None while a receipt is missing.

    Twice gives the same certificate. Raises ImproperlyConfigured in a process that has no evidence key.
    """
    rows = Erasure.objects.select_for_update(of=("self",)).select_related("person", "request", "tenant__handler")
    erasure = rows.get(pk=erasure_id)
    if erasure.completed_at is None:
        return None
    if erasure.is_certified:
        return Certificate.objects.get(erasure=erasure)
    now = timezone.now()
    facts = says(erasure, at=now)
    body = canonical(facts)
    signed = signing.sign(body)
    certificate = Certificate(
        tenant=erasure.tenant,
        erasure=erasure,
        number=number(erasure),
        body=body.decode(),
        signature=signed.signature,
        key_id=signed.key_id,
        issued_at=now,
    )
    certificate.save()
    erasure.is_certified = True
    erasure.save(update_fields=["is_certified"])
    _tell(erasure, certificate, is_lost=bool(facts["lost_devices"]))
    return certificate


def file(certificate: Certificate) -> bytes:
    """Return the certificate as the file that can be checked."""
    return wrap(certificate.body.encode(), Signed(certificate.signature, certificate.key_id))


def number(erasure: Erasure) -> str:
    """Return the number of an erasure's certificate: its month, and twelve letters of its id, the same each time."""
    letters = base64.b32encode(erasure.pk.bytes)[:12].decode()
    month = timezone.localtime(erasure.completed_at)
    return f"{month:%Y%m}-{letters[:4]}-{letters[4:8]}-{letters[8:]}"


def says(erasure: Erasure, *, at: datetime) -> dict[str, Any]:
    """Return what a certificate says, JSON-ready. The person is a random id; times are Beijing's."""
    completed_at = erasure.completed_at
    if completed_at is None:
        raise ValueError("An erasure that is not complete has no certificate.")
    receipts = list(ErasureReceipt.objects.filter(erasure=erasure).order_by("store"))
    until = kept_until(timezone.localdate(completed_at))
    return {
        "format": FORMAT,
        "number": number(erasure),
        "issued_at": _time(at),
        "erasure": str(erasure.pk),
        "property": {"id": str(erasure.tenant_id), "name": erasure.tenant.name},
        "handler": {"name": erasure.tenant.handler.name, "credit_code": erasure.tenant.handler.credit_code},
        "person": str(erasure.person_id),
        "reason": erasure.reason,
        "scope": erasure.scope,
        "request": erasure.request.number if erasure.request else None,
        "ordered_at": _time(erasure.ordered_at),
        "completed_at": _time(completed_at),
        "keys_destroyed": erasure.keys_destroyed,
        "stores": [
            {"store": row.store, "erased": row.erased, "remaining": row.remaining, "at": _time(row.at)}
            for row in receipts
        ],
        "held": _held(erasure, receipts),
        "devices": [],
        "lost_devices": [],
        "evidence_kept_until": until.isoformat(),
    } | stores.testimony(person=erasure.person, since=erasure.ordered_at, until=completed_at)


def _held(erasure: Erasure, receipts: list[ErasureReceipt]) -> list[dict[str, object]]:
    """Return what a legal hold keeps, with its article and its last day where it still stands."""
    standing = {hold.kind: hold for hold in holds.standing(person=erasure.person, tenant=erasure.tenant_id)}
    found: list[dict[str, object]] = []
    for row in receipts:
        if row.remaining:
            hold = standing.get(holds.STORES[row.store])
            found.append(
                {
                    "store": row.store,
                    "rows": row.remaining,
                    "article": hold.article if hold else None,
                    "until": hold.ends_on.isoformat() if hold else None,
                }
            )
    return found


def _tell(erasure: Erasure, certificate: Certificate, *, is_lost: bool) -> None:
    """Write to whoever asked for it. The message lies on the tracking page, where the certificate is downloaded.

    “Everywhere” is said only where everything confirmed it, and “your data” only where more than the face went.
    """
    if erasure.request is None:
        return
    with override(erasure.request.language or None):
        if erasure.has_held:
            text = _(
                "Your data has been erased, but for what the law makes us keep for now; the certificate says what and"
                " until when. Number of the certificate: %(number)s. You can download it on this page."
            )
        elif is_lost:
            text = _(
                "What you asked for has been erased wherever we can reach it."
                " Number of the certificate: %(number)s. You can download it on this page."
            )
        elif erasure.scope == ErasureScope.FACE:
            text = _(
                "Your face has been erased everywhere. Number of the certificate: %(number)s."
                " You can download it on this page."
            )
        else:
            text = _(
                "Your data has been erased everywhere. Number of the certificate: %(number)s."
                " You can download it on this page."
            )
        if is_lost:
            text += "\n" + _(
                "A door terminal that may hold your face is lost and could not confirm that it deleted it;"
                " the certificate says which."
            )
        messages.write_to_person(
            tenant=erasure.tenant,
            request=erasure.request,
            text=text % {"number": certificate.number},
            template="certificate",
        )


def _time(moment: datetime) -> str:
    return timezone.localtime(moment).isoformat(timespec="seconds")
