"""How phone numbers and articles of the law are written for whoever reads them."""

from django import template

from portal.formats.phones import phone
from tenants.clearance.checks import article_name

register = template.Library()
register.filter("phone", phone)


@register.filter
def article(code: str | None) -> str:
    """Write an article out in the reader's language, "PIPL 47" as "《个人信息保护法》第 47 条"."""
    return article_name(code or "")
