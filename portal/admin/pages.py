"""What every page of the platform admin has: forms that call a service, and nothing to delete."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.functional import Promise

from portal.admin import menu
from portal.reading import note_read
from portal.sign_in import again
from tenants.organizations.trail import Kind

CONFIRMED = "confirmed"
_NOT_SENT_AGAIN = {"csrfmiddlewaretoken", CONFIRMED}


@dataclass(frozen=True)
class Danger:
    """What a deed does that cannot be taken back, or locks people out: told, and asked for once more.

    `typed` is what has to be written by hand for the worst; "" where a button is enough.
    """

    question: str | Promise
    effects: list[str | Promise]
    label: str | Promise
    typed: str = ""


class Unconfirmed(Exception):
    """Raised inside the transaction of a dangerous deed that nobody has confirmed yet: nothing of it stays."""

    def __init__(self, danger: Danger) -> None:
        super().__init__(str(danger.question))
        self.danger = danger


class Rehearsed(forms.BaseForm):
    """A form whose rules are a service's. `perform` calls it; `actor` is who is signed in.

    Cleaning rehearses the service in a savepoint that is rolled back, so that every broken rule shows
    beside its field.
    """

    actor: Any = None

    def perform(self, data: dict[str, Any]) -> Any:
        raise NotImplementedError

    def danger(self, data: dict[str, Any]) -> Danger | None:
        """Return what must be confirmed first, None for the ordinary."""
        return None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                with transaction.atomic():
                    self.perform(data)
                    transaction.set_rollback(True)
            except ValidationError as broken:
                for field, errors in getattr(broken, "error_dict", {None: broken}).items():
                    self.add_error(field if field in self.fields else None, errors)
        return data


class ServiceForm(Rehearsed, forms.ModelForm):
    """The form of one row. Django's own model checks would say the rules a second time and are left out."""

    def perform(self, data: dict[str, Any]) -> models.Model:
        raise NotImplementedError

    def fresh(self) -> Any:
        """Return the row as the database has it, locked by nobody yet and changed by nobody."""
        return type(self.instance)._default_manager.get(pk=self.instance.pk)

    def _post_clean(self) -> None:
        """The service has validated already, on a row of its own."""


class PlatformAdmin(admin.ModelAdmin):
    """Open to active platform staff; nothing is ever deleted here."""

    actions = None
    list_per_page = 50
    show_full_result_count = False

    def _is_staff(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_staff)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._is_staff(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._is_staff(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._is_staff(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._is_staff(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        note_read(Kind.ADMIN_READ, user=request.user, what=self.opts.label_lower)
        return super().changelist_view(request, {"title": menu.title_of(self.model)} | (extra_context or {}))

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> type:
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (form,), {"actor": request.user})

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        require_confirmed(request, form)
        # What the service returns is the row; the admin goes on with that one.
        obj.__dict__.update(form.perform(form.cleaned_data).__dict__)

    def name_of(self, row: Any) -> str:
        """Return what the page of a row calls it; most rows have a name of their own."""
        return str(row)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        context |= {"list_title": menu.title_of(self.model)}
        if context.get("original") is not None:
            context |= {"subtitle": self.name_of(context["original"])}
        return super().render_change_form(request, context, *args, **kwargs)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A rule that broke between the rehearsal and the deed is a message, not an error page.

        Whatever is changed here reaches many properties: who is signed in proves it again first.
        """
        if asked := again.ask(request):
            return asked
        try:
            with transaction.atomic():
                return super().changeform_view(request, *args, **kwargs)
        except Unconfirmed as unconfirmed:
            return confirmation(request, unconfirmed.danger, self.admin_site.each_context(request))
        except ValidationError as broken:
            for sentence in broken.messages:
                messages.error(request, sentence)
            return HttpResponseRedirect(request.get_full_path())


def require_confirmed(request: HttpRequest, form: Any) -> None:
    """Raise Unconfirmed when this deed has to be confirmed, and was not, or not by writing what was asked."""
    danger = form.danger(form.cleaned_data)
    if danger is None:
        return
    said = request.POST.get(CONFIRMED)
    if said is None or (danger.typed and said.strip() != danger.typed):
        raise Unconfirmed(danger)


def confirmation(request: HttpRequest, danger: Danger, context: dict[str, Any]) -> HttpResponse:
    """Return the page that says what will happen; its form sends the same once more, with the confirmation."""
    sent = [(name, value) for name, values in request.POST.lists() for value in values if name not in _NOT_SENT_AGAIN]
    more = {"danger": danger, "title": danger.question, "sent": sent, "was_mistyped": CONFIRMED in request.POST}
    return TemplateResponse(request, "admin/confirm.html", context | more | {"confirmed": CONFIRMED})
