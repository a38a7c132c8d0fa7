"""Ready texts of messages, in the language of whoever asks: for the desk to begin with, and for the portal's own steps.

They hold no name and promise nothing that the step does not do. The desk may change each before it is sent.
"""

from datetime import date

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from tenants.clearance.checks import article_name
from tenants.rights.authorities import authorities_of
from tenants.rights.kinds import RefusalCode, RequestKind, RequestState
from tenants.rights.models import RightsRequest

# What the desk can begin with, by name. `subjects` are for the menu, `TEXTS` for the person.
SUBJECTS: dict[str, Promise] = {
    "prove": gettext_lazy("Ask to prove who asks"),
    "more": gettext_lazy("Ask for what is missing"),
    "working": gettext_lazy("Say that it is being worked on"),
    "desk": gettext_lazy("Ask to come to the desk"),
}
_TEXTS: dict[str, Promise] = {
    "prove": gettext_lazy(
        "Please prove that it is you: ask for a code on this page, or come to the desk. Your face is not asked for."
        " Until then the days to answer do not run."
    ),
    "more": gettext_lazy("We cannot answer yet. Please write on this page what exactly you mean."),
    "working": gettext_lazy("We are working on your request and will answer here."),
    "desk": gettext_lazy("Please come to the desk. A look at what is on record already is enough; nothing is copied."),
}
_ANSWERS: dict[str, Promise] = {
    RequestKind.ACCESS: gettext_lazy(
        "What we hold about you is being put together. With your tracking code you can read it on this page."
    ),
    RequestKind.COPY: gettext_lazy(
        "Your copy is being put together. With your tracking code you can download it on this page."
    ),
    RequestKind.TRANSFER: gettext_lazy(
        "A file for somebody else's system is being made. With your tracking code you can download it on this page."
    ),
    RequestKind.CORRECT: gettext_lazy("Your record is corrected."),
    RequestKind.DELETE: gettext_lazy(
        "Your face, your name and your contact are being deleted. This page shows how far it is."
    ),
    RequestKind.RESTRICT: gettext_lazy("From now on no connected door opens to your face, until you end the pause."),
    RequestKind.WITHDRAW: gettext_lazy(
        "Your consent is taken back, and your face is being deleted. Your other ways through the doors stay."
    ),
    RequestKind.EXPLAIN: gettext_lazy("What was decided about you, and by which rule, is put together for this page."),
}
# The article that a refusal most often stands on. The desk may name another.
ARTICLES: dict[str, str] = {
    RefusalCode.NOT_PROVED: "PIPL 50",
    RefusalCode.NOT_HELD: "PIPL 45",
    RefusalCode.NOT_ENTITLED: "PIPL 49",
    RefusalCode.KEPT_BY_LAW: "PIPL 47",
    RefusalCode.OTHERS_HARMED: "PIPL 45",
    RefusalCode.DONE_BEFORE: "PIPL 50",
    RefusalCode.OTHER: "PIPL 50",
}


def ready_texts(request: RightsRequest) -> dict[str, str]:
    """Return the desk's ready texts by name, in the language of whoever asks."""
    with override(request.language):
        return {name: str(text) for name, text in _TEXTS.items()}


def ready_answer(request: RightsRequest) -> str:
    """Return an answer to begin with: what answering does."""
    with override(request.language):
        return str(_ANSWERS[request.kind])


def extended(request: RightsRequest, *, until: date, is_final: bool, reason: str) -> str:
    with override(request.language):
        day = {"reason": reason, "date": date_format(until, "DATE_FORMAT")}
        if is_final:
            return _("We need more time: %(reason)s. You have an answer by %(date)s.") % day
        text = _("We need more time: %(reason)s. The last day is not before %(date)s; the holidays are not announced.")
        return text % day


def merged(request: RightsRequest, *, into: RightsRequest) -> str:
    with override(request.language):
        text = _(
            "You asked for the same before. Both are answered together as %(number)s; what you get opens with the"
            " tracking code of that one."
        )
        return text % {"number": into.number}


def taken_back(request: RightsRequest) -> str:
    with override(request.language):
        return _("You have taken this request back. Nothing was done. You can ask again at any time.")


def lapsed(request: RightsRequest) -> str:
    with override(request.language):
        return _("It was not proved within 30 days who asks, so nothing was done. You can ask again at any time.")


def refusal(request: RightsRequest, *, code: str, article: str, text: str) -> str:
    """Return the whole refusal: what was written, the reason, the article, and how to complain or sue (PIPL 50, 65)."""
    with override(request.language):
        named = article_name(article)
        reason = _("Reason: %(reason)s (%(article)s).") % {"reason": RefusalCode(code).label, "article": named}
        places = "\n".join(
            " · ".join(filter(None, [str(place.name), place.phone, place.address, place.url]))
            for place in authorities_of(request.tenant)
        )
        remedy = _("If you do not agree, you can complain (PIPL 65) or sue before a people's court (PIPL 50):")
        return f"{text.strip()}\n\n{reason}\n{remedy}\n{places}"


def new_code(request: RightsRequest) -> str:
    """Return what the person is told when the desk gave out another tracking code."""
    with override(request.language):
        return _(
            "At the desk a new tracking code was given out for your request %(number)s. The old code no longer works. "
            "If it was not you who asked for it, tell the desk at once."
        ) % {"number": request.number}


def after_erasure(request: RightsRequest) -> str:
    """Return what stays readable of an answer when what was written goes with the record."""
    with override(request.language):
        if request.refusal_code:
            head = _("This request was refused. What was written was erased with the record.")
            return refusal(request, code=request.refusal_code, article=request.refusal_article, text=head)
        if request.kind == RequestKind.DELETE and request.state == RequestState.ANSWERED:
            return _("Your face, your name and your contact were deleted, and with them what was written here.")
        return _("This request is closed. What was written was erased with the record.")
