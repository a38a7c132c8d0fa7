"""The package of a request: how far it is, and its download, which opens with the tracking code alone."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.views.generic import TemplateView

from portal.web.views.tracking import CodeMixin, grouped
from tenants.rights.kinds import PackageState
from tenants.rights.models import Package
from tenants.rights.services.packages import is_open, open_package


class PackagePage(CodeMixin, TemplateView):
    """GET says how far it is, again every two seconds while it is built; POST hands the file out.

    A download is a form, not a link: nothing fetches it ahead, and no history keeps it.
    """

    template_name = "public/request_package.html"

    @cached_property
    def package(self) -> Package | None:
        return Package.objects.filter(request=self.found).defer("sealed").first()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        is_building = self.package is not None and self.package.is_under_way
        if request.htmx:  # type: ignore[attr-defined] - set by django-htmx
            self.template_name = "packages/_progress.html"
            response = super().get(request, *args, **kwargs)
            if not is_building:
                response["HX-Refresh"] = "true"
            return response
        if self.package is None or not (is_building or is_open(self.package) or self._has_failed()):
            return self._nothing()
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        try:
            body = open_package(request=self.found, code=str(self.kwargs["code"]))
        except ValidationError:
            return self._nothing()
        headers = {
            "Content-Disposition": f'attachment; filename="{self.found.number}.zip"',
            "X-Content-Type-Options": "nosniff",
        }
        return HttpResponse(body, content_type="application/zip", headers=headers)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            package=self.package,
            is_building=self.package is not None and self.package.is_under_way,
            has_failed=self._has_failed(),
            poll_url=self.track_url("request_package"),
            **kwargs,
        )

    def _has_failed(self) -> bool:
        """Whether the desk can have it made once more: it failed, or was stopped there."""
        return self.package is not None and self.package.state in {PackageState.FAILED, PackageState.STOPPED}

    def _nothing(self) -> HttpResponse:
        code = grouped(str(self.kwargs["code"]))
        return self.plain("public/request_no_package.html", status=410, code=code)
