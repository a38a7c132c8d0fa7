"""How a member wants to hear of each kind of thing."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.forms import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tenants.organizations.news import ABOUT, NotificationKind, Way

_HOURS = [(hour, f"{hour:02d}:00") for hour in range(24)]


class NotificationForm(forms.Form):
    """A choice for each kind of which this member is told somewhere, and when and how the mails come."""

    digest_hour = forms.TypedChoiceField(
        label=_("Daily mail at (Beijing time)"),
        choices=_HOURS,
        coerce=int,
        help_text=_("One mail a day with what is new in all your properties. None when nothing is."),
    )
    language = forms.ChoiceField(label=_("Language of my mails"), choices=settings.LANGUAGES)

    def __init__(self, *args: Any, kinds: Sequence[NotificationKind], is_owner: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kinds = kinds
        for kind in kinds:
            self.fields[kind.value] = forms.ChoiceField(label=kind.label, choices=Way.choices)
        high = self.fields.get(NotificationKind.ALERT_HIGH.value)
        if high is not None and is_owner:
            high.disabled = True
            high.help_text = _("An owner hears of these by mail at once: an attack does not wait until somebody looks.")

    def groups(self) -> Iterator[tuple[str | Promise, list[BoundField]]]:
        """The choices under their headings, in the order of the list of kinds."""
        found: dict[str | Promise, list[BoundField]] = {}
        for kind in self.kinds:
            found.setdefault(ABOUT[kind].group, []).append(self[kind.value])
        yield from found.items()

    def mails(self) -> list[BoundField]:
        return [self["digest_hour"], self["language"]]
