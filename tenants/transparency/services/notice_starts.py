"""What the first draft of a notice, and the next, begins with."""

from tenants.organizations.models import Property
from tenants.transparency.models import Notice
from tenants.transparency.rules.starting_texts import PropertyFacts, starting_texts


def first_texts(tenant: Property, latest: Notice | None) -> dict[str, str]:
    """The latest texts; where one is still the portal's own from before a change, the portal's new one.

    A change of storage, or whether children's faces are used: then their rules are the handler's to write.
    """
    facts = starting_texts(_facts_of(tenant, tenant.storage_mode, allows_under_14=tenant.allows_under_14))
    if latest is None:
        return facts
    before = starting_texts(_facts_of(tenant, latest.storage_mode, allows_under_14=latest.allows_under_14))
    return {
        field: facts[field] if not text.strip() or text == before[field] else text
        for field, text in latest.texts.items()
    }


def _facts_of(tenant: Property, storage_mode: str, *, allows_under_14: bool) -> PropertyFacts:
    handler = tenant.handler
    return PropertyFacts(
        handler=handler.name,
        contact_name=handler.contact_name,
        contact_phone=handler.contact_phone,
        kind=tenant.kind,
        storage_mode=storage_mode,
        face_days=tenant.face_days,
        event_days=tenant.event_days,
        allows_under_14=allows_under_14,
    )
