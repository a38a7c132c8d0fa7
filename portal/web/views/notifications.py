"""What a member is told: the list behind the bell, and how they want to hear of things."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.generic import FormView, View

from portal.telling.sentences import say
from portal.tenancy import TenantPage
from portal.web.filters.notifications import NotificationFilter
from portal.web.forms.notifications import NotificationForm
from portal.web.reads import notifications as reads
from portal.web.views.manager import ManagerList, add_errors
from tenants.organizations.models import Notification, NotificationSettings
from tenants.organizations.news import NotificationKind
from tenants.organizations.roles import Permission
from tenants.organizations.services import notifications


class NotificationList(ManagerList):
    """The member's own, the newest first."""

    permission = Permission.VIEW_HOME
    section = "notifications"
    template_name = "web/notifications/list.html"
    filterset_class = NotificationFilter

    def get_rows(self) -> QuerySet[Notification]:
        return reads.mine(self.tenant, self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return context | {"told": say(self.tenant, context["object_list"])}


class NotificationOpen(TenantPage, View):
    """Mark one as read and go where it leads."""

    permission = Permission.VIEW_HOME
    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        row = get_object_or_404(reads.mine(self.tenant, request.user), pk=kwargs["pk"])
        notifications.mark_read(tenant=self.tenant, user=request.user, pk=row.pk)
        [said] = say(self.tenant, [row])
        return redirect(said.url or reverse("notifications", args=[self.tenant.slug]))


class NotificationsRead(TenantPage, View):
    """Mark all as read."""

    permission = Permission.VIEW_HOME
    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        count = notifications.mark_read(tenant=self.tenant, user=request.user)
        text = ngettext("%(count)s notification marked as read.", "%(count)s notifications marked as read.", count)
        messages.success(request, text % {"count": f"{count:,}"})
        return redirect("notifications", self.tenant.slug)


@method_decorator(never_cache, name="dispatch")
class NotificationChoices(FormView):
    """How the member wants to hear of each kind, in all their properties. The link at the end of every letter."""

    form_class = NotificationForm
    template_name = "web/notifications/settings.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def wishes(self) -> NotificationSettings:
        user = self.request.user
        return notifications.wishes_of([user.pk])[user.pk]

    @cached_property
    def is_owner(self) -> bool:
        return reads.is_owner(self.request.user)

    def get_form_kwargs(self) -> dict[str, Any]:
        kinds = reads.kinds_of(self.request.user)
        return super().get_form_kwargs() | {"kinds": kinds, "is_owner": self.is_owner}

    def get_initial(self) -> dict[str, Any]:
        ways = {kind.value: self.wishes.way(kind, is_owner=self.is_owner) for kind in NotificationKind}
        return ways | {"digest_hour": self.wishes.digest_hour, "language": self.wishes.language}

    def form_valid(self, form: NotificationForm) -> HttpResponse:
        data = dict(form.cleaned_data)
        hour, language = data.pop("digest_hour"), data.pop("language")
        try:
            notifications.choose(user=self.request.user, ways=data, digest_hour=hour, language=language)
        except ValidationError as broken:
            add_errors(form, broken)
            return self.form_invalid(form)
        messages.success(self.request, _("Your choice was saved. It holds in all your properties."))
        return redirect("notification_settings")
