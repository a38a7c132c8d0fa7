"""The signed assessment as a PDF, for the shelf and for an inspector."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.web.pdf import Drawer, answer, draw
from portal.web.views.assessments import AssessmentPage
from tenants.transparency.models import AssessmentState


class AssessmentFile(AssessmentPage):
    """The page's own facts on paper. A draft has no file: nothing of it holds yet."""

    drawer: Drawer = staticmethod(draw)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.assessment.state != AssessmentState.SIGNED:
            messages.error(request, _("Only a signed assessment has a file."))
            return redirect(self.address("assessment"))
        return super().get(request, *args, **kwargs)

    def render_to_response(self, context: dict[str, Any], **_kwargs: Any) -> HttpResponse:
        language = get_language()

        def write() -> bytes:
            facts = context | {"language": language}
            return self.drawer("print/assessment.html", facts, styles=["record.css"]).write_pdf()

        return answer(self.request, write, name=f"{self.tenant.slug}-assessment-v{self.assessment.version}-{language}")
