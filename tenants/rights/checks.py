"""System checks: who signs evidence, and that everybody can check it."""

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured

from tenants.rights import signing


@register()
def evidence_key_is_where_it_belongs(**_kwargs: object) -> list[CheckMessage]:
    """Web and default workers sign certificates; what they sign must be checkable by the keys that are listed."""
    try:
        known = signing.public_keys()
    except ImproperlyConfigured as error:
        return [Error(str(error), hint="One public key in base64 a line, nothing else.", id="rights.E003")]
    if settings.CONSENTRY_ROLE != "web":
        return []
    try:
        signed = signing.sign(b"")
    except ImproperlyConfigured as error:
        return [
            Error(str(error), hint="Set EVIDENCE_KEY_FILE; docs/operations.md tells how to make it.", id="rights.E001")
        ]
    if signed.key_id not in known:
        return [
            Error(
                "Certificates are signed with a key that nobody could check: EVIDENCE_PUBLIC_KEYS does not list it.",
                hint="Add its public key as a line of its own, and leave the older ones where they are.",
                id="rights.E002",
            )
        ]
    return []
