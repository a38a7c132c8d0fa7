"""What a person sends from their own page."""

from django import forms

from tenants.people.kinds import ConsentDecision


class AnswerForm(forms.Form):
    """One answer, with the notice that was on the screen. Nothing else may travel with a consent (Measures Art 6)."""

    notice = forms.UUIDField(widget=forms.HiddenInput)
    decision = forms.ChoiceField(choices=ConsentDecision, widget=forms.HiddenInput)
