"""Filter over the files of a batch."""

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from recognition.enrollment.models import OPEN_STATES, EnrollmentState, PhotoBatchRow

DONE, WAITING = Q(enrollment__state=EnrollmentState.DONE), Q(enrollment__state__in=OPEN_STATES)
STATES = {"refused": ~DONE & ~WAITING | Q(enrollment__isnull=True), "waiting": WAITING, "done": DONE}


class BatchFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(
        choices=[("refused", _("Not taken")), ("waiting", _("Waiting")), ("done", _("Enrolled"))],
        label=_("State"),
        empty_label=_("All"),
        method="narrow",
    )

    class Meta:
        model = PhotoBatchRow
        fields: list[str] = []

    def narrow(self, rows: QuerySet[PhotoBatchRow], name: str, value: str) -> QuerySet[PhotoBatchRow]:
        return rows.filter(STATES[value])
