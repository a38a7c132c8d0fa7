"""{% history "door" door %}: the card "What happened" of any thing on a page of a property."""

from typing import Any

from django import template

from portal.web.reads import histories

register = template.Library()


@register.inclusion_tag("web/history/card.html", takes_context=True)
def history(context: template.Context, what: str, row: Any) -> dict[str, Any]:
    """Show the newest of what happened, for those who may read it; the rest is behind a link."""
    tenant = context["tenant"]
    is_shown = histories.KINDS[what].permission in tenant.granted
    return {"timeline": histories.history(what, tenant, row) if is_shown else None}
