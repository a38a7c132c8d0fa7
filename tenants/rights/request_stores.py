"""What was written and said in requests goes with the person's record; that it was asked and answered stays."""

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from tenants.people.models import Person
from tenants.rights import ready_texts, stores
from tenants.rights.kinds import Delivery, ErasureScope
from tenants.rights.models import IdentityCode, RequestAttachment, RequestMessage, RightsRequest
from tenants.rights.stores import RunsAs, rows_of

_WRITTEN = (
    ~Q(name="") | ~Q(contact="") | ~Q(room="") | ~Q(message="") | ~Q(relation="") | ~Q(extension_reason="")
)  # fmt: skip


class RequestStore:
    """Requests of a person, and those that a code to their contact was asked for.

    Texts, messages, notes, papers and codes are emptied. What is left says when what was asked, how it ended, and
    in the portal's own words what the answer was, so that the tracking page still answers (PIPL 50).
    """

    name = "requests"
    label = _("Texts of requests")
    scope = ErasureScope.PERSON
    runs_as: RunsAs = "web"
    models: tuple[str, ...] = (
        "rights.RightsRequest",
        "rights.RequestMessage",
        "rights.RequestAttachment",
        "rights.IdentityCode",
    )

    def count(self, person: Person) -> int:
        return sum(len(rows) for rows in self._to_empty(person))

    def export(self, person: Person) -> list[dict[str, object]]:
        fields = (
            "number",
            "kind",
            "state",
            "channel",
            "asked_by",
            "relation",
            "name",
            "contact",
            "room",
            "message",
            "received_at",
            "identity_by",
            "identity_checked_at",
            "due_on",
            "extension_reason",
            "answer",
            "refusal_code",
            "refusal_article",
            "closed_at",
        )
        rows = rows_of(RightsRequest.objects.filter(person=person).values(*fields))
        messages = RequestMessage.objects.filter(request__person=person)
        said = messages.annotate(number=F("request__number"))
        rows += [{"message": dict(row)} for row in said.values("number", "kind", "text", "at", "delivery", "sent_at")]
        papers = RequestAttachment.objects.filter(message__request__person=person)
        rows += [{"paper": dict(row)} for row in papers.values("name", "kind", "size", "sha256", "expires_at")]
        codes = IdentityCode.objects.filter(person=person)
        return rows + [{"code": dict(row)} for row in codes.values("sent_at", "expires_at", "used_at", "delivery")]

    def erase(self, person: Person) -> int:
        requests, messages, papers, codes = self._to_empty(person)
        for request in requests:
            request.name = request.contact = request.room = request.message = ""
            request.relation = request.extension_reason = ""
            if request.answer:
                request.answer = ready_texts.after_erasure(request)
            request.save()
        for message in messages:
            message.text = ""
            if message.delivery == Delivery.WAITING:  # there is nowhere left to send it
                message.delivery, message.next_try_at = Delivery.PAGE, None
            message.save()
        for paper in papers:
            paper.content, paper.name = b"", ""
            paper.save()
        for code in codes:
            code.code_hash, code.person, code.next_try_at = "", None, None
            code.save()
        return len(requests) + len(messages) + len(papers) + len(codes)

    def _to_empty(
        self, person: Person
    ) -> tuple[list[RightsRequest], list[RequestMessage], list[RequestAttachment], list[IdentityCode]]:
        mine = self._requests(person).values("pk")
        requests = [
            row
            for row in RightsRequest.objects.filter(pk__in=mine).select_related("tenant")
            if _is_written(row) or (row.answer and row.answer != ready_texts.after_erasure(row))
        ]
        messages = RequestMessage.objects.filter(request__in=mine).exclude(text="")
        papers = RequestAttachment.objects.filter(message__request__in=mine).exclude(content=b"", name="")
        codes = IdentityCode.objects.filter(Q(person=person) | Q(request__in=mine)).exclude(
            code_hash="", person__isnull=True
        )
        return requests, list(messages), list(papers.defer("content")), list(codes)

    def _requests(self, person: Person) -> QuerySet[RightsRequest]:
        return RightsRequest.objects.filter(Q(person=person) | Q(identity_codes__person=person)).distinct()


def _is_written(row: RightsRequest) -> bool:
    return any((row.name, row.contact, row.room, row.message, row.relation, row.extension_reason))


def register() -> None:
    stores.register(RequestStore())
