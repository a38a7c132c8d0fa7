"""The particulars of a property."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.web.forms.duties import Duty, explains
from tenants.organizations.kinds import PhotoQuality, StorageMode


@explains(
    address=Duty("Art 5", _("Where the property is, as people know it. The notice names it.")),
    storage_mode=Duty(
        "Art 8",
        more=_(
            "What never leaves the device cannot leak from here. Sending a face over the network needs "
            "a reason that the assessment names."
        ),
    ),
    allows_under_14=Duty("Art 7"),
    face_quality=Duty("PIPL 8"),
    authority_name=Duty("NDSMR 20"),
)
class SettingsForm(forms.Form):
    name = forms.CharField(label=_("Chinese name"), max_length=80)
    name_en = forms.CharField(label=_("English name"), max_length=80, required=False)
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    storage_mode = forms.ChoiceField(
        label=_("Where faces are stored"),
        choices=StorageMode.choices,
        widget=forms.RadioSelect(),
        help_text=_("On the device is the rule. The portal may store a face only with a second, separate consent."),
    )
    allows_under_14 = forms.BooleanField(
        label=_("Children under 14 may use their face"),
        required=False,
        help_text=_(
            "Better not: a card is enough for a child. If you allow it, a parent agrees separately on their own "
            "page, and the notice needs rules for children."
        ),
    )
    face_quality = forms.ChoiceField(
        label=_("How good a photo must be"),
        choices=PhotoQuality.choices,
        help_text=_(
            "For new faces that are made in this portal. "
            "Whoever is sent back reads what to do, for example: turn to the light."
        ),
    )
    authority_name = forms.CharField(
        label=_("Local authority for complaints"),
        max_length=80,
        required=False,
        help_text=_(
            "For example the cyberspace administration of your district. The public pages name it, "
            "before the hot lines 12377 and 12345, which always stand there."
        ),
    )
    authority_phone = forms.CharField(label=_("Its phone"), max_length=40, required=False)
    authority_address = forms.CharField(label=_("Its address"), max_length=200, required=False)
    authority_url = forms.URLField(
        label=_("Its website"), max_length=200, required=False, assume_scheme="https", widget=forms.URLInput()
    )


@explains(
    reason=Duty("Civil Code 997"),
)
class StopForm(forms.Form):
    reason = forms.CharField(
        label=_("Why"),
        max_length=200,
        help_text=_("For example: court order of 3 March, number …; kept in the record."),
    )
