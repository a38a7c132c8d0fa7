"""The draft of a notice: the five items of Article 5, side by side in both languages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tenants.transparency.rules.notices import ITEMS, LANGUAGES

# item: (title, help in plain words, article)
GUIDE = {
    "handler_contact": (
        _("Who is responsible, and how to reach them"),
        _("The registered name of the company, and a person, phone or address that answers."),
        _("Measures Art 5(1)"),
    ),
    "purpose_method": (
        _("What the face is used for, and how"),
        _(
            "One purpose, such as opening doors. Say whether one face is checked (1:1) or searched (1:N), "
            "and what it is not used for."
        ),
        _("Measures Art 5(2)"),
    ),
    "retention": (
        _("How long it is kept, and what happens then"),
        _("A number of days, or how the end is decided. “Permanent” is not a period."),
        _("Measures Art 5(2)"),
    ),
    "necessity_effect": (
        _("Why it is needed, and what it means for the person"),
        _("Why a card is not enough for those who agree, what can go wrong, and that saying no has no disadvantage."),
        _("Measures Art 5(3)"),
    ),
    "rights": (
        _("How to say no, see, correct or delete"),
        _("Where to press or whom to ask, how long the answer takes, and where to complain."),
        _("Measures Art 5(4)"),
    ),
}
LANGUAGE_LABELS = {"zh": _("Chinese"), "en": _("English")}


class NoticeForm(forms.Form):
    """Every field may stay empty while it is a draft; publishing asks for all."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for item in ITEMS:
            for language in LANGUAGES:
                self.fields[f"{item}_{language}"] = forms.CharField(
                    label=LANGUAGE_LABELS[language],
                    max_length=4000,
                    required=False,
                    strip=True,
                    widget=forms.Textarea(attrs={"rows": 5, "lang": language}),
                )

    def items(self) -> list[dict[str, Any]]:
        """Return the five items, each with its fields, for the page."""
        rows = []
        for number, item in enumerate(ITEMS, start=1):
            title, text, article = GUIDE[item]
            fields = [self[f"{item}_{language}"] for language in LANGUAGES]
            rows.append({"number": number, "title": title, "help": text, "article": article, "fields": fields})
        return rows
