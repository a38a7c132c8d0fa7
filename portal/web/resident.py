"""What the pages of residents, guests and visitors share: no account, one property, plain answers."""

from typing import Any

from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.generic import TemplateView

from portal.limits import Limit
from portal.tenancy import PublicPage
from portal.web import resident_style
from tenants.organizations.models import Property
from tenants.people.models import Guardian, PersonalLink
from tenants.people.rules.masks import mask_child, mask_name, mask_room
from tenants.people.services.guardians import open_for_child
from tenants.people.services.links import GuardianVisit, LinkOver, Visit, open_link


def packed(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Send a page as small as the browser takes it: many of these are opened on slow networks.

    A compressed page can betray a secret to somebody who makes the browser load it again and again with guesses in it.
    Here none can: the secret of a personal page is its address, without which it is not loaded, and the token of a form
    is masked anew each time. Django adds bytes of random number besides. Pages of staff are not compressed.
    """
    if not response.get("Content-Type", "").startswith("text/html"):
        return response
    return GZipMiddleware(lambda _request: response).process_response(request, response)


class ResidentMixin(PublicPage):
    """Context of `base/resident.html`. A confidential page is kept by no cache and found by no search engine."""

    is_confidential = False
    tenant: Property
    request: HttpRequest
    kwargs: dict[str, Any]

    # These pages carry their stylesheet with them: their policy allows this text, and no other inline style.
    @method_decorator(csp_update({"style-src": [resident_style.source()]}))
    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = super().dispatch(request, *args, **kwargs)
        # Rendered here, inside the request's transaction: outside it row-level security shows no row.
        if hasattr(response, "render"):
            response.render()
        if self.is_confidential:
            response["Cache-Control"] = "no-store"
            response["X-Robots-Tag"] = "noindex, nofollow"
            # Not "no-referrer": browsers then send no origin with a form, and the CSRF check refuses it.
            response["Referrer-Policy"] = "same-origin"
        return packed(request, response)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = {"tenant": self.tenant, "home_url": self.home_url(), "is_confidential": self.is_confidential} | kwargs
        return super().get_context_data(**context)  # type: ignore[misc] - mixed into a View

    def home_url(self) -> str:
        return reverse("public", args=[self.tenant.slug])

    def plain(self, template: str, *, status: int, **context: Any) -> HttpResponse:
        """Answer with a page that only says something."""
        context = {"tenant": self.tenant, "home_url": reverse("public", args=[self.tenant.slug])} | context
        return render(self.request, template, context | {"is_confidential": True}, status=status)

    def refuse_too_many(self, *callers: tuple[Limit, str]) -> HttpResponse | None:
        """Return the page that says so when one of these was here too often. Counts nothing."""
        return next((self.too_many(limit) for limit, who in callers if limit.is_reached(who)), None)

    def too_many(self, limit: Limit) -> HttpResponse:
        """Say that it was too often, and which way is still open."""
        response = self.plain("public/too_many.html", status=429, minutes=limit.seconds // 60)
        response["Retry-After"] = str(limit.seconds)
        return response


class ResidentPage(ResidentMixin, TemplateView):
    """A page that anybody may read."""


class _ByLink:
    """Opens the personal link, after the property and before the view."""

    only_the_person = False
    visit: Visit

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        try:
            self.visit = open_link(tenant=self.tenant, token=str(kwargs["token"]))
            if "child" in kwargs:
                self.visit = open_for_child(self.visit, kwargs["child"])  # type: ignore[arg-type] - the URL's UUID
        except LinkOver:
            return self.plain("public/me/link_over.html", status=410)
        except PersonalLink.DoesNotExist:
            return self.plain("public/me/no_link.html", status=404)
        except Guardian.DoesNotExist:
            own = reverse("me", args=[self.tenant.slug, kwargs["token"]])
            return self.plain("public/me/no_child.html", status=404, me_url=own)
        acts = request.method not in {"GET", "HEAD", "OPTIONS"}
        if request.user.is_authenticated and (acts or self.only_the_person):
            # Evidence of a consent must be the person's own act (Measures Art 6); only staff have accounts.
            return self.plain("public/me/staff.html", status=403, me_url=self.me_url())
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc] - mixed into a View


class PersonalMixin(ResidentMixin, _ByLink):
    """A page of the person whom the secret in the address names, or of a child whose guardian that person is.

    Staff may look, and never act. Every own page lies below `me_url`, a child's below the guardian's.
    """

    is_confidential = True

    def me_url(self, name: str = "me", *args: object) -> str:
        """Return the address of one of this person's own pages."""
        if isinstance(self.visit, GuardianVisit):
            return reverse(
                name.replace("me", "child", 1),
                args=[self.tenant.slug, self.kwargs["token"], self.visit.person.pk, *args],
            )
        return reverse(name, args=[self.tenant.slug, self.kwargs["token"], *args])

    def own_url(self) -> str:
        """Return the address of the page of whoever holds the link."""
        return reverse("me", args=[self.tenant.slug, self.kwargs["token"]])

    def home_url(self) -> str:
        return self.own_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person = self.visit.person
        identity = getattr(person, "identity", None)
        is_child = isinstance(self.visit, GuardianVisit)
        context = {
            "token": self.kwargs["token"],
            "person": person,
            "me_url": self.me_url(),
            "own_url": self.own_url(),
            "is_child": is_child,
            # A forwarded link is noticed by whoever opens it, and tells them next to nothing.
            "whose": (mask_child if is_child else mask_name)(identity.name) if identity else "",
            "whose_room": mask_room(identity.room) if identity else "",
        }
        return super().get_context_data(**context | kwargs)


class PersonalPage(PersonalMixin, TemplateView):
    """A page about the person, for the person."""
