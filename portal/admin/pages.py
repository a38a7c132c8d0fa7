"""What every page of the platform admin has: forms that call a service, and nothing to delete."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from portal.reading import note_read
from portal.sign_in import again
from tenants.organizations.trail import Kind


class ServiceForm(forms.ModelForm):
    """A form whose rules are a service's. `perform` calls it; `actor` is who is signed in.

    Cleaning rehearses the service in a savepoint that is rolled back, so that every broken rule shows
    beside its field. Django's own model checks would say the same a second time and are left out.
    """

    actor: Any = None

    def perform(self, data: dict[str, Any]) -> models.Model:
        raise NotImplementedError

    def fresh(self) -> Any:
        """Return the row as the database has it, locked by nobody yet and changed by nobody."""
        return type(self.instance)._default_manager.get(pk=self.instance.pk)

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
        return super().changelist_view(request, extra_context)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> type:
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (form,), {"actor": request.user})

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        # What the service returns is the row; the admin goes on with that one.
        obj.__dict__.update(form.perform(form.cleaned_data).__dict__)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A rule that broke between the rehearsal and the deed is a message, not an error page.

        Whatever is changed here reaches many properties: who is signed in proves it again first.
        """
        if asked := again.ask(request):
            return asked
        try:
            with transaction.atomic():
                return super().changeform_view(request, *args, **kwargs)
        except ValidationError as broken:
            for sentence in broken.messages:
                messages.error(request, sentence)
            return HttpResponseRedirect(request.get_full_path())
