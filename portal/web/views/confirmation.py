"""Ask before something that is hard to take back: what happens is written down, then one button."""

from typing import Any

from django.forms import BooleanField, Form, HiddenInput
from django.http import HttpResponse
from django.template.response import TemplateResponse

from portal.web.views.manager import ManagerForm

TEMPLATE = "web/site/confirm.html"


class ConfirmPage(ManagerForm):
    """A page with one question. GET asks, POST does it; a broken rule stands above the button."""

    template_name = TEMPLATE
    form_class = Form
    question: Any = ""
    label: Any = ""
    warning: Any = ""
    danger = False

    def get_question(self) -> Any:
        return self.question

    def get_effects(self) -> list[Any]:
        return []

    def get_cancel_url(self) -> str:
        return self.get_success_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            question=self.get_question(),
            effects=self.get_effects(),
            warning=self.warning,
            label=self.label,
            danger=self.danger,
            cancel_url=self.get_cancel_url(),
            **kwargs,
        )


class ConfirmsEffects(ManagerForm):
    """A form that asks once more when its values would stop or erase something.

    Subclasses implement `get_effects(data)`: sentences, or nothing when there is nothing to ask. The values
    travel on as hidden fields and are checked again.
    """

    question: Any = ""
    label: Any = ""
    warning: Any = ""

    def get_effects(self, data: dict[str, Any]) -> list[Any]:
        raise NotImplementedError

    def form_valid(self, form: Form) -> HttpResponse:
        effects = [] if self.request.POST.get("confirmed") else self.get_effects(form.cleaned_data)
        return self.ask(form, effects) if effects else super().form_valid(form)

    def ask(self, form: Form, effects: list[Any]) -> HttpResponse:
        form.data = form.data.copy()
        form.data["confirmed"] = "on"
        form.fields["confirmed"] = BooleanField()
        for field in form.fields.values():
            field.widget = HiddenInput() if isinstance(field, BooleanField) else field.hidden_widget()
        context = self.get_context_data(
            form=form,
            question=self.question,
            effects=effects,
            warning=self.warning,
            label=self.label,
            danger=True,
            cancel_url=self.request.path,
        )
        return TemplateResponse(self.request, TEMPLATE, context)
