"""Photos of many people handed in together, and what becomes of each."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from portal.web import zips
from portal.web.filters.batches import BatchFilter
from portal.web.forms.batches import PhotosForm
from portal.web.reads import batches as reads
from portal.web.views.confirmation import ConfirmPage
from portal.web.views.manager import ManagerList, press
from recognition.enrollment import batches
from recognition.enrollment.models import PhotoBatch
from tenants.organizations.kinds import StorageMode
from tenants.organizations.roles import Permission
from tenants.organizations.scoping import tenant_context

ONE_BY_ONE = "X-One-By-One"  # the page's script sends each photo alone and wants no page back


class PhotoBatches(ManagerList):
    """The batches of the last week, and a button for a new one."""

    permission = Permission.MANAGE_PEOPLE
    section = "people"
    template_name = "web/batches/list.html"

    def get_rows(self) -> Any:
        return batches.counted(self.tenant)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(is_on_device=self.tenant.storage_mode != StorageMode.PORTAL, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        made: list[PhotoBatch] = []
        if press(request, lambda: made.append(batches.start(tenant=self.tenant, started_by=request.user))):
            return HttpResponseRedirect(reverse("batch", args=[self.tenant.slug, made[0].pk]))
        return HttpResponseRedirect(request.path)


@method_decorator(transaction.non_atomic_requests, name="dispatch")
class PhotoBatchPage(ManagerList):
    """How far it is, each file with its reason, and the way to hand in more. Asks again while photos wait.

    Not one transaction: each photo of a zip comes in alone. What one locks the face worker waits for, and with it
    every door.
    """

    permission = Permission.MANAGE_PEOPLE
    section = "people"
    template_name = "web/batches/batch.html"
    filterset_class = BatchFilter
    max_upload_bytes = 64 * 1000 * 1000
    form: PhotosForm | None = None

    @cached_property
    def batch(self) -> PhotoBatch:
        return get_object_or_404(PhotoBatch.objects.select_related("tenant"), tenant=self.tenant, pk=self.kwargs["pk"])

    def get_rows(self) -> Any:
        return reads.rows(self.batch, self.request.user)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.htmx and request.htmx.target == "progress":
            self.template_name = "web/batches/_progress.html"
        response = super().get(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        if request.htmx and request.htmx.target == "progress" and not batches.figures(self.batch).waiting:
            response["HX-Refresh"] = "true"
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        for row in context["object_list"]:
            reads.explain(row)
        return context | {
            "batch": self.batch,
            "figures": batches.figures(self.batch),
            "form": self.form or PhotosForm(),
        }

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with transaction.atomic():
            response = super().dispatch(request, *args, **kwargs)
        if self.form is not None and self.form.is_valid():
            return self._take_in(self.form.cleaned_data["files"])
        return response

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Look at the request only; what it brings is taken in afterwards."""
        self.batch  # noqa: B018 - a stranger's is not found
        self.form = PhotosForm(request.POST, request.FILES)
        if ONE_BY_ONE in request.headers:
            return HttpResponse(status=204 if self.form.is_valid() else 400)
        return HttpResponseRedirect(request.path) if self.form.is_valid() else self.get(request, *args, **kwargs)

    def _take_in(self, files: list[UploadedFile]) -> HttpResponse:
        """Take in file after file. What stops it (a damaged zip, a full batch) leaves what came before it."""
        taken, broken = 0, None
        try:
            for label, photo in _files(files):
                with tenant_context(self.tenant.pk):
                    row = batches.add(batch=self.batch, actor=self.request.user, label=label, photo=photo)
                taken += row is not None
        except ValidationError as error:
            broken = error
        if ONE_BY_ONE in self.request.headers:
            return HttpResponse(status=400 if broken else 204)
        for sentence in broken.messages if broken else ():
            messages.error(self.request, sentence)
        if taken or not broken:
            text = _("Taken in: %(count)s. What this batch had already was left as it is.") % {"count": taken}
            messages.success(self.request, text)
        return HttpResponseRedirect(self.request.path)


class PhotoBatchStop(ConfirmPage):
    permission = Permission.MANAGE_PEOPLE
    section = "people"
    question = _("Stop this batch?")
    label = _("Stop and delete the photos")
    danger = True
    warning = _("This cannot be undone: whoever is to be enrolled after all hands in a photo once more.")
    done = _("The batch is stopped. Photos that waited were deleted unread.")

    @cached_property
    def batch(self) -> PhotoBatch:
        return get_object_or_404(PhotoBatch, tenant=self.tenant, pk=self.kwargs["pk"])

    def get_effects(self) -> list[Any]:
        return [
            _("Photos that still wait are deleted unread: %(count)s") % {"count": batches.figures(self.batch).waiting},
            _("Faces that are enrolled stay enrolled."),
        ]

    def perform(self, data: dict[str, Any]) -> int:
        return batches.stop(batch=self.batch)

    def get_success_url(self) -> str:
        return reverse("batch", args=[self.tenant.slug, self.batch.pk])


def _files(files: list[UploadedFile]) -> Iterator[tuple[str, bytes]]:
    for file in files:
        content = file.read()
        if content.startswith(zips.START):
            if len(content) > PhotoBatchPage.max_upload_bytes:
                raise ValidationError(_("The zip is larger than 64 MB."), code="too_large")
            yield from zips.photos(content)
        elif not zips.is_litter(file.name or ""):
            yield file.name or "", content
