"""The vault's answer to the personal-data stores: templates."""

import uuid
from collections import Counter
from collections.abc import Sequence

from auditlog.context import disable_auditlog
from django.utils.translation import gettext_lazy as _

from recognition.vault.keys import destroy_person_key, destroy_person_keys
from recognition.vault.models import FaceTemplate
from tenants.organizations.audit import log_deleted
from tenants.people.models import Person
from tenants.rights import stores
from tenants.rights.kinds import ErasureScope
from tenants.rights.stores import RunsAs


class TemplateStore:
    """The sealed templates. Their keys are gone already when this runs; now the rows go too."""

    name = "templates"
    label = _("Face templates")
    scope = ErasureScope.FACE
    runs_as: RunsAs = "recognition"
    models: tuple[str, ...] = ("vault.FaceTemplate", "vault.PersonKey")

    def count(self, person: Person) -> int:
        return FaceTemplate.objects.filter(person=person).count()

    def export(self, person: Person) -> list[dict[str, object]]:
        # The web role cannot read this table; the enrolments tell when and with which model.
        return []

    def erase(self, person: Person) -> int:
        return FaceTemplate.objects.filter(person=person).delete()[0]

    def erase_many(self, people: Sequence[Person]) -> dict[uuid.UUID, int]:
        found = FaceTemplate.objects.filter(person__in=[person.pk for person in people])
        rows = list(found.defer("sealed"))
        with disable_auditlog():  # which would write an entry with a statement of its own for each
            FaceTemplate.objects.filter(pk__in=[row.pk for row in rows]).delete()
        log_deleted(rows=rows)
        return dict(Counter(row.person_id for row in rows))

    def holding(self, people: Sequence[Person]) -> set[uuid.UUID]:
        rows = FaceTemplate.objects.filter(person__in=[person.pk for person in people])
        return set(rows.values_list("person_id", flat=True))


_STORE = TemplateStore()


def register() -> None:
    stores.register(_STORE)
    stores.register_revoker(destroy_person_key, many=destroy_person_keys)
