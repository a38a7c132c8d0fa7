"""One search over the property."""

from typing import Any

from portal.reading import note_read
from portal.web.reads.finding import find
from portal.web.views.manager import ManagerPage
from tenants.organizations.roles import Permission
from tenants.organizations.trail import Kind


class Find(ManagerPage):
    """What a member may not see is not searched. People who are named count as looked at, as in the list of people."""

    permission = Permission.VIEW_HOME
    section = "find"
    template_name = "web/finding/find.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = self.request.GET.get("q", "").strip()
        hits, named = find(self.tenant, self.request.user, words)
        if named:
            note_read(Kind.IDENTITIES_LISTED, user=self.request.user, tenant=self.tenant, count=named)
        return super().get_context_data(find_words=words, hits=hits, total=sum(one.count for one in hits), **kwargs)
