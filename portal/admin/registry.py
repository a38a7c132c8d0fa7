"""Which tables have a page in the platform admin. Nothing of a face, nothing of a person."""

from auditlog.models import LogEntry
from django.contrib import admin

from portal.admin.logs import LogAdmin
from portal.admin.organizations import HandlerAdmin, MembershipAdmin, PropertyAdmin, UserAdmin
from tenants.organizations.models import Handler, Membership, Property, User

PAGES = {
    Handler: HandlerAdmin,
    Property: PropertyAdmin,
    Membership: MembershipAdmin,
    User: UserAdmin,
    LogEntry: LogAdmin,
}


def register() -> None:
    for model, page in PAGES.items():
        admin.site.register(model, page)
