"""What members do with a request: enter, confirm, talk, extend, merge, answer, refuse."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from portal.web.forms.duties import Duty, explains
from portal.web.forms.public import require_relation
from tenants.organizations.models import User
from tenants.people.models import Person
from tenants.rights.kinds import RefusalCode, RequestChannel, Requester, RequestKind
from tenants.rights.models import RightsRequest
from tenants.rights.ready_texts import ARTICLES

ENTERED_CHANNELS = (RequestChannel.PAPER, RequestChannel.PHONE)


@explains(
    channel=Duty("PIPL 50", _("People may ask in any way they like.")),
    kind=Duty("PIPL 44", _("What they want, in their own words, is one of these.")),
    asked_by=Duty("PIPL 49", _("A guardian asks for a child, a close relative for somebody who died.")),
    relation=Duty("PIPL 49"),
)
class EnterForm(forms.Form):
    """A request made at the desk: on paper or by phone."""

    channel = forms.ChoiceField(
        label=_("How it was made"),
        choices=[(channel.value, channel.label) for channel in ENTERED_CHANNELS],
        widget=forms.RadioSelect(attrs={"class": "choices-row"}),
        initial=RequestChannel.PAPER.value,
    )
    kind = forms.ChoiceField(
        label=_("What is asked"),
        choices=[("", _("Choose")), *RequestKind.choices],
        error_messages={"required": _("Choose what is asked.")},
    )
    asked_by = forms.ChoiceField(label=_("Asked by"), choices=Requester.choices, initial=Requester.SELF.value)
    relation = forms.CharField(
        label=_("For whom, and on what ground"),
        help_text=_("Only when somebody asks for another person."),
        max_length=200,
        required=False,
    )
    name = forms.CharField(label=_("Name"), max_length=80, error_messages={"required": _("Write the name.")})
    contact = forms.CharField(label=_("Phone or e-mail"), max_length=120, required=False)
    room = forms.CharField(label=_("Home or room"), max_length=40, required=False)
    message = forms.CharField(
        label=_("What was said or written"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    language = forms.ChoiceField(
        label=_("Language of the person"),
        choices=[("zh-hans", _("Chinese")), ("en", _("English"))],
        initial="zh-hans",
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        require_relation(self, data)
        return data


class ConfirmForm(forms.Form):
    """Whose request or complaint it is. The choices are this property's people only."""

    person = forms.ModelChoiceField(
        queryset=Person.objects.none(),
        widget=forms.HiddenInput,
        error_messages={"required": _("Choose the person."), "invalid_choice": _("Choose the person.")},
    )

    def __init__(self, *args: Any, people: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people


class AssignForm(forms.Form):
    """Who looks after a request or a complaint: a member who may answer. Empty gives it back to everybody."""

    to = forms.ModelChoiceField(
        label=_("Assigned to"), queryset=User.objects.none(), required=False, empty_label=_("Nobody yet")
    )

    def __init__(self, *args: Any, members: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = members


class NoteForm(forms.Form):
    text = forms.CharField(
        label=_("Internal note"),
        help_text=_("Members read it. When the person asks what is held, it is in the package too."),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write something.")},
    )


class ToPersonForm(forms.Form):
    template = forms.CharField(required=False, max_length=30, widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("Message to the person"),
        help_text=_("It lies on the tracking page. The mail or SMS says only that it is there."),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 7}),
        error_messages={"required": _("Write something.")},
    )


@explains(
    reason=Duty(
        "PIPL 50",
        more=_("The answer is due within 15 working days. It can be put off once, and the person must read why."),
    ),
)
class ExtendForm(forms.Form):
    reason = forms.CharField(
        label=_("Why it takes longer"),
        help_text=_("The person reads this with the tracking code."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write why it takes longer.")},
    )


class MergeForm(forms.Form):
    """The choices are the requests that look the same."""

    into = forms.ModelChoiceField(
        queryset=RightsRequest.objects.none(),
        widget=forms.HiddenInput,
        error_messages={"required": _("Choose the other request."), "invalid_choice": _("Choose the other request.")},
    )

    def __init__(self, *args: Any, others: QuerySet[RightsRequest], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].queryset = others


@explains(
    text=Duty("PIPL 50"),
)
class AnswerForm(forms.Form):
    text = forms.CharField(
        label=_("What you tell the person"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("The person reads this with the tracking code."),
    )


@explains(
    code=Duty(
        "PIPL 50",
        _("A request may be refused only for one of these reasons."),
        _("The person reads the reason, the article, and where to complain or sue."),
    ),
    article=Duty("PIPL 50"),
    text=Duty("PIPL 50"),
)
class RefuseForm(forms.Form):
    code = forms.ChoiceField(
        label=_("Reason"),
        choices=[("", _("Choose")), *RefusalCode.choices],
        error_messages={"required": _("Choose the reason.")},
    )
    article = forms.CharField(
        label=_("Article"),
        help_text=_("The rule that the refusal stands on. Left empty, it is the one of the reason."),
        max_length=60,
        required=False,
    )
    text = forms.CharField(
        label=_("Why the request is refused"),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("In words that this person understands. The person reads this with the tracking code."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        code = data.get("code")
        if code and not data.get("article", "").strip():
            if code == RefusalCode.OTHER:
                self.add_error("article", forms.ValidationError(_("Name the article that it stands on."), "required"))
            else:
                data["article"] = ARTICLES[RefusalCode(code)]
        return data
