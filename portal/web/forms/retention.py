"""The clocks of a property, and a legal hold."""

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.web.forms.duties import Duty, explains
from tenants.organizations.models import Property
from tenants.people.models import Person
from tenants.rights.kinds import HoldKind
from tenants.rights.retention_rules import BOUNDS, Kind


def _days(kind: Kind, label: Any, help_text: Any) -> forms.IntegerField:
    least, most = BOUNDS[kind]
    return forms.IntegerField(label=label, min_value=least, max_value=most, help_text=help_text)


@explains(
    face_days=Duty(
        "PIPL 19",
        more=_(
            "A face is kept no longer than its purpose needs. Fewer days are better; whoever comes back is asked again."
        ),
    ),
    event_days=Duty("PIPL 19"),
    request_days=Duty("PIPL 19"),
    alarm_days=Duty("Cybersecurity Law 21"),
)
class RetentionForm(forms.Form):
    face_days = _days(
        Kind.FACE,
        _("Days a face is kept"),
        _("Counted from the enrolment, at most 365. The end of a lease or stay comes first when it is earlier."),
    )
    event_days = _days(
        Kind.EVENT,
        _("Days a door event is kept"),
        _("From 30 to 180. An event holds no image and no face; a failed match names nobody."),
    )
    request_days = _days(
        Kind.REQUEST,
        _("Days the text of a closed request is kept"),
        _("From 30 to 1095. Name, contact and messages go; that it was asked and answered stays as evidence."),
    )
    alarm_days = _days(
        Kind.ALARM,
        _("Days an alarm of a terminal is kept"),
        _("From 184 to 365: logs against attacks are kept for six months at least. They name nobody."),
    )

    def __init__(self, *args: Any, preview_url: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The counts below follow the typing; without a script they are asked when saving.
        for name, field in self.fields.items():
            field.required = name in {Kind.FACE.value, Kind.EVENT.value}
            field.widget.attrs |= {
                "hx-get": preview_url,
                "hx-trigger": "input changed delay:300ms",
                "hx-include": "closest form",
                "hx-target": "#preview",
                "hx-select": "#preview",
                "hx-swap": "outerHTML",
            }


@explains(
    kind=Duty("PIPL 47", _("Only rows that a law or a court needs. A face is never kept by a hold.")),
    person=Duty("PIPL 47"),
    reason=Duty("PIPL 47"),
    article=Duty("PIPL 47"),
    ends_on=Duty("PIPL 47"),
)
class HoldForm(forms.Form):
    kind = forms.ChoiceField(label=_("What is kept"), choices=HoldKind, widget=forms.RadioSelect)
    person = forms.CharField(
        label=_("Code of the person"),
        max_length=36,
        required=False,
        help_text=_("Eight signs, as on the person's page. Empty: the whole property."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What is going on, and why these rows are needed for it. Write no name."),
    )
    article = forms.CharField(
        label=_("Article"), max_length=120, help_text=_("The article of the law, or the number of the court's order.")
    )
    ends_on = forms.DateField(
        label=_("Last day"),
        help_text=_("It ends by itself after this day. At most three years ahead."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, tenant: Property, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tenant = tenant

    def clean_person(self) -> Person | None:
        """Return whose code this is; None for the whole property."""
        typed = self.cleaned_data["person"].strip().lower().replace("-", "")
        if not typed:
            return None
        if len(typed) not in {8, 32} or any(sign not in "0123456789abcdef" for sign in typed):
            raise ValidationError(_("A code has eight signs, 0 to 9 and A to F."), code="no_code")
        first, last = uuid.UUID(typed.ljust(32, "0")), uuid.UUID(typed.ljust(32, "f"))
        found = list(Person.objects.filter(tenant=self.tenant, pk__gte=first, pk__lte=last)[:2])
        if len(found) != 1:
            raise ValidationError(_("Nobody here has this code."), code="unknown")
        return found[0]
