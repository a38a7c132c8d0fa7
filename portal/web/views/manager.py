"""What every staff page has: the tenant, the navigation, the switcher, and forms that call one service."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import DatabaseError, connection, transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import SimpleTemplateResponse
from django.utils.cache import add_never_cache_headers
from django.views.generic import FormView, ListView, TemplateView
from django_filters import FilterSet

from portal.conflicts import SENTENCE, is_conflict
from portal.operations.announcements import standing
from portal.tenancy import TenantPage
from portal.web.navigation import counts, navigation
from portal.web.reads.oversight import banners
from portal.web.reads.switching import switcher


class ManagerMixin(TenantPage):
    """Context of `base/manager.html`. `section` is the name of the navigation entry that is current."""

    section = ""
    request: HttpRequest

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Render here: Django renders after the request's transaction, where no row of a property is visible."""
        response = super().dispatch(request, *args, **kwargs)
        if isinstance(response, SimpleTemplateResponse):
            response.render()
        # What a member sees about people stays in no browser's cache after signing out.
        if not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)  # type: ignore[misc] - mixed into a View
        context["tenant"] = self.tenant
        context["can"] = {permission.value: True for permission in self.tenant.granted}
        figures = counts(self.tenant, self.request.user)
        context["bell"] = {"count": figures.get("notifications", (0, ""))[0]}
        context["nav"] = navigation(self.tenant, current=self.section, figures=figures)
        there_are = "announcements" in figures
        context["announcements"] = standing(tenant=self.tenant, user=self.request.user) if there_are else []
        context["banners"] = banners(self.tenant) if "emergencies" in figures else []
        context["switcher"] = switcher(self.request.user, self.request.session, current=self.tenant)
        return context


class ManagerPage(ManagerMixin, TemplateView):
    """A page that shows something."""


class ManagerList(ManagerMixin, ListView):
    """A list with search and filters (`filterset_class`), paged; constant in queries.

    Name the queryset in `get_rows`; it must be filtered by `self.tenant`.
    """

    paginate_by = 25
    filterset_class: type[FilterSet] | None = None

    def get_rows(self) -> Any:
        raise NotImplementedError

    def get_queryset(self) -> Any:
        rows = self.get_rows()
        asked = {"queryset": rows, "request": self.request}
        self.filterset = self.filterset_class(self.request.GET, **asked) if self.filterset_class else None
        return self.filterset.qs if self.filterset else rows

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(filters=self.filterset.form if self.filterset else None, **kwargs)


class ManagerForm(ManagerMixin, FormView):
    """A form that calls one service. A broken rule comes back beside its field, and nothing is lost.

    Subclasses implement `perform(data)` and `get_success_url`; `done` is the sentence shown afterwards.
    """

    done: Any = ""

    def perform(self, data: dict[str, Any]) -> Any:
        raise NotImplementedError

    def undoable(self) -> str:
        """Return what takes this back within minutes (`portal.web.undo.offer`), nothing where nothing does."""
        return ""

    def carry_out(self, form: Form) -> bool:
        """Do it whole or not at all, and say whether it is done; what stands against it stands on the form."""
        try:
            with transaction.atomic():
                self.result = self.perform(form.cleaned_data)
                # What is checked at the commit otherwise, when there is no page any more to say it on.
                connection.check_constraints()
        except ValidationError as broken:
            add_errors(form, broken)
        except DatabaseError as error:
            if not is_conflict(error):
                raise
            form.add_error(None, ValidationError(SENTENCE, code="conflict"))
        return not form.errors

    def form_valid(self, form: Form) -> HttpResponse:
        if not self.carry_out(form):
            return self.form_invalid(form)
        if self.done:
            messages.success(self.request, self.done, extra_tags=self.undoable())
        return HttpResponseRedirect(self.get_success_url())


def press(request: HttpRequest, act: Callable[[], Any]) -> bool:
    """Do what a button asks, whole or not at all, and say whether it is done; what stands against it is a message."""
    try:
        with transaction.atomic():
            act()
            connection.check_constraints()
    except ValidationError as broken:
        for sentence in broken.messages:
            messages.error(request, sentence)
        return False
    except DatabaseError as error:
        if not is_conflict(error):
            raise
        messages.error(request, SENTENCE)
        return False
    return True


def add_errors(form: Form, broken: ValidationError) -> None:
    """Put a service's errors beside the fields of the same name, the others above the form.

    A constraint that speaks of one field says so in its code: `name_taken` stands beside `name`.
    """
    named = broken.error_dict if hasattr(broken, "error_dict") else {NON_FIELD_ERRORS: broken.error_list}
    for name, errors in named.items():
        for error in errors:
            field = str(error.code).removesuffix("_taken") if name == NON_FIELD_ERRORS else name
            form.add_error(field if field in form.fields else None, error)
