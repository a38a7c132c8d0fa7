"""A family at the desk: a child is added from the record of the grown-up who answers for it."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy

from portal.web.forms.children import ChildForm
from portal.web.views.manager import ManagerForm
from portal.web.views.people import OnePerson
from tenants.organizations.roles import Permission
from tenants.people.models import Guardian
from tenants.people.services import guardians


class PersonChild(OnePerson, ManagerForm):
    """Whoever writes the child's record down needs no second member's yes for it: it closes when this page is left."""

    permission = Permission.MANAGE_PEOPLE
    template_name = "web/people/child.html"
    form_class = ChildForm
    done = gettext_lazy("The child was added. The guardian answers for it on their own page.")

    def perform(self, data: dict[str, Any]) -> Guardian:
        return guardians.add_child(tenant=self.tenant, guardian=self.person, recorded_by=self.request.user, **data)

    def get_success_url(self) -> str:
        return reverse("person", args=[self.tenant.slug, self.person.pk])
