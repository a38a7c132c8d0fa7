"""Heroicons, each drawn once: a page has fifty, and drawing them took more of its time than any query."""

from functools import lru_cache
from typing import Any

from django import template
from heroicons.templatetags import heroicons

register = template.Library()


@lru_cache(maxsize=512)
def _drawn(name: str, attributes: frozenset[tuple[str, Any]]) -> str:
    return heroicons.heroicon_outline(name, **dict(attributes))


@register.simple_tag
def heroicon_outline(name: str, **attributes: Any) -> str:
    return _drawn(str(name), frozenset(attributes.items()))
