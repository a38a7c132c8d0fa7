"""Talking about a request: notes among members, messages to the person, and the papers that came."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.web.forms.requests import NoteForm, ToPersonForm
from portal.web.reads import request_pages
from portal.web.reads.requests import require_open_record
from portal.web.views.manager import ManagerForm, ManagerPage
from portal.web.views.requests import OneRequest
from tenants.organizations.roles import Permission
from tenants.rights import ready_texts
from tenants.rights.kinds import AttachmentKind
from tenants.rights.models import RequestMessage
from tenants.rights.services import messages

TYPES = {AttachmentKind.PDF: "application/pdf", AttachmentKind.TEXT: "text/plain; charset=utf-8"}


class RequestNote(OneRequest, ManagerForm):
    """Whoever sees requests may leave a note: the desk knows who came by."""

    permission = Permission.VIEW_REQUESTS
    template_name = "web/requests/one_field.html"
    form_class = NoteForm
    done = gettext_lazy("The note is written down.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(page_title=_("Internal note"), label=_("Write it down"), **kwargs)

    def perform(self, data: dict[str, Any]) -> RequestMessage:
        return messages.note(
            tenant=self.tenant, request=self.rights_request, text=data["text"], author=self.request.user
        )


class RequestWrite(OneRequest, ManagerForm):
    """A message to the person. `?ready=` begins with a ready text in the person's language."""

    permission = Permission.HANDLE_REQUESTS
    template_name = "web/requests/write.html"
    form_class = ToPersonForm
    done = gettext_lazy("The message lies on the tracking page.")

    @property
    def ready(self) -> str:
        wanted = self.request.GET.get("ready", "")
        return wanted if wanted in ready_texts.SUBJECTS else ""

    def get_initial(self) -> dict[str, Any]:
        if not self.ready:
            return {}
        return {"template": self.ready, "text": ready_texts.ready_texts(self.rights_request)[self.ready]}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        choices = [
            {"name": name, "label": label, "is_current": name == self.ready}
            for name, label in ready_texts.SUBJECTS.items()
        ]
        return super().get_context_data(ready_choices=choices, **kwargs)

    def perform(self, data: dict[str, Any]) -> RequestMessage:
        template = data["template"] if data["template"] in ready_texts.SUBJECTS else ""
        return messages.write_to_person(
            tenant=self.tenant,
            request=self.rights_request,
            text=data["text"],
            author=self.request.user,
            template=template,
        )


class RequestPaper(ManagerPage):
    """One paper, as it was sent: always as a file to keep, never shown by the browser inside the portal."""

    permission = Permission.HANDLE_REQUESTS
    section = "requests"
    template_name = "web/requests/no_paper.html"

    def get(self, request: HttpRequest, *_args: Any, **kwargs: Any) -> HttpResponse:
        paper = get_object_or_404(request_pages.papers_of(self.tenant), pk=kwargs["pk"])
        try:
            require_open_record(paper.message.request, request.user)
            content = messages.read_attachment(tenant=self.tenant, attachment=paper)
        except ValidationError as broken:
            context = self.get_context_data(message=" ".join(broken.messages), request_pk=paper.message.request_id)
            return self.render_to_response(context, status=410)
        response = HttpResponse(content, content_type=TYPES[AttachmentKind(paper.kind)])
        ending = "pdf" if paper.kind == AttachmentKind.PDF else "txt"
        # The name that was sent is the person's own words; the file is named by us.
        response["Content-Disposition"] = f'attachment; filename="paper-{paper.pk.hex[:8]}.{ending}"'
        response["X-Content-Type-Options"] = "nosniff"
        response["Cache-Control"] = "no-store"
        return response
