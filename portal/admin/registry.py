"""Which tables have a page in the platform admin. Nothing of a face, nothing of a person."""

from allauth.socialaccount.models import SocialApp
from auditlog.models import LogEntry
from django.contrib import admin

from portal.admin.alerts import AlertAdmin
from portal.admin.announcements import AnnouncementAdmin
from portal.admin.directories import DirectoryAdmin
from portal.admin.emergencies import EmergencyAdmin
from portal.admin.events import AccessEventAdmin
from portal.admin.failed_tasks import FailedTaskAdmin
from portal.admin.logs import LogAdmin
from portal.admin.organizations import HandlerAdmin, MembershipAdmin, PropertyAdmin, UserAdmin
from portal.operations.models import Announcement, FailedTask
from portal.security.models import AccessEvent, Alert
from tenants.organizations.models import EmergencyAccess, Handler, Membership, Property, User

PAGES = {
    Handler: HandlerAdmin,
    Property: PropertyAdmin,
    Membership: MembershipAdmin,
    User: UserAdmin,
    SocialApp: DirectoryAdmin,
    EmergencyAccess: EmergencyAdmin,
    LogEntry: LogAdmin,
    AccessEvent: AccessEventAdmin,
    Alert: AlertAdmin,
    FailedTask: FailedTaskAdmin,
    Announcement: AnnouncementAdmin,
}


def register() -> None:
    for model, page in PAGES.items():
        admin.site.register(model, page)
