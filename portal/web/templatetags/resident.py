"""What `base/resident.html` calls: its stylesheet, and how this reader wants the page to look."""

from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from portal.web import resident_style
from portal.web.reading_aids import AIDS, chosen

register = template.Library()


@register.simple_tag
def resident_style_text() -> SafeString:
    """The stylesheet that the policy allows by its hash: our own files, never a person's text."""
    return mark_safe(resident_style.text())  # noqa: S308 - our own files


@register.simple_tag(takes_context=True)
def reading_aids(context: dict[str, Any]) -> dict[str, bool]:
    """Return each aid, and whether this reader's browser has it on. An error page without a request has none on."""
    request = context.get("request")
    on = chosen(request) if request else frozenset()
    return {aid: aid in on for aid in AIDS}
