"""The letters about alerts: what rang and where to look, in Chinese as every letter to members. They name nobody."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal.security.alerts.words import words_of
from portal.security.models import Alert
from tenants.organizations.models import Property


@dataclass(frozen=True)
class Letter:
    subject: str
    text: str


def of_one(alert: Alert, tenant: Property | None) -> Letter:
    """Write about one alert. `tenant` None is the platform."""
    words = words_of(alert.rule)
    path = reverse("alert", args=[tenant.slug, alert.pk]) if tenant else _admin_path()
    with override(settings.LANGUAGE_CODE):
        said = {
            "rule": words.title,
            "place": _place(tenant),
            "advice": words.advice,
            "severity": alert.get_severity_display(),
            "address": _address(path),
        }
        subject = _("Alert: %(rule)s · %(place)s") % said
        text = _("%(place)s: %(rule)s (severity: %(severity)s).\n%(advice)s\nSee it and say what you did: %(address)s")
        return Letter(_one_line(subject), f"{text % said}\n")


def of_many(count: int, tenant: Property | None) -> Letter:
    """Write about the alerts of which nobody was told one by one."""
    path = reverse("alerts", args=[tenant.slug]) if tenant else _admin_path()
    with override(settings.LANGUAGE_CODE):
        said = {"count": count, "place": _place(tenant), "address": _address(path)}
        subject = _("More alerts: %(count)s · %(place)s") % said
        text = _("More alerts at %(place)s: %(count)s. They are too many to write about each.\nSee them: %(address)s")
        return Letter(_one_line(subject), f"{text % said}\n")


def _place(tenant: Property | None) -> str:
    return tenant.display_name if tenant else _("The platform")


def _admin_path() -> str:
    return reverse("admin:security_alert_changelist")


def _address(path: str) -> str:
    return settings.PUBLIC_URL.rstrip("/") + path


def _one_line(text: str) -> str:
    return " ".join(text.split())
