"""Row-level security: PostgreSQL says a second time which rows belong to the property at hand.

Every tenant-owned table gets the same policy, forced, from the models themselves: a new model is
covered by being tenant-owned. Exceptions are listed here with their reason.
"""

from django.apps import apps

from portal.security.grants import OWNER, RECOGNITION, WEB
from tenants.organizations.scoping import PLATFORM_SETTING, TENANT_SETTING, USER_SETTING, TenantOwned

IN_TENANT = f"tenant_id = nullif(current_setting('{TENANT_SETTING}', true), '')::uuid"
_ON_PLATFORM = f"current_setting('{PLATFORM_SETTING}', true) = 'on'"

# A member sees their own memberships in every property (the switcher); platform staff see all members.
_ME = f"nullif(current_setting('{USER_SETTING}', true), '')::uuid"
VISIBLE = {
    "organizations_membership": f"{IN_TENANT} OR user_id = {_ME} OR {_ON_PLATFORM}",
    # So do platform staff with their own emergency accesses.
    "organizations_emergencyaccess": f"{IN_TENANT} OR staff_id = {_ME} OR {_ON_PLATFORM}",
}
WRITABLE = dict.fromkeys(VISIBLE, f"{IN_TENANT} OR {_ON_PLATFORM}")
# A member reads the figures of each of their properties on one page. Numbers only (docs/decisions/0024-portfolio.md).
_MINE = f"SELECT tenant_id FROM organizations_membership WHERE user_id = {_ME} AND is_active"  # noqa: S608 - ours
VISIBLE["rights_propertyfigures"] = f"{IN_TENANT} OR tenant_id IN ({_MINE})"
# What a member is told is gathered over their properties for one letter a day.
_OWN = "organizations_notification"
VISIBLE[_OWN] = WRITABLE[_OWN] = f"{IN_TENANT} OR user_id = {_ME} OR {_ON_PLATFORM}"

# The log is one table for all: a property reads its own entries, platform staff those of no property.
_LOG = "auditlog_logentry"
LOG_POLICY = f"tenant IS NULL OR {_ON_PLATFORM} OR tenant = nullif(current_setting('{TENANT_SETTING}', true), '')"


# Reads are kept for all in one table as well. What belongs to no property says nothing of any.
_EVENTS = "security_accessevent"
_EVENT_POLICY = f"tenant IS NULL OR tenant = nullif(current_setting('{TENANT_SETTING}', true), '')::uuid"

# So are alerts. Those of no property are the platform's business.
ALERTS = ("security_alert", "security_alertstep", "security_alertdelivery")
_ALERT_POLICY = (
    f"tenant = nullif(current_setting('{TENANT_SETTING}', true), '')::uuid OR (tenant IS NULL AND {_ON_PLATFORM})"
)


def tenant_tables() -> list[str]:
    """Return the table of every concrete tenant-owned model."""
    return sorted(
        model._meta.db_table for model in apps.get_models() if issubclass(model, TenantOwned) and model._meta.managed
    )


def statements() -> list[str]:
    """Return the SQL for every policy, written so that it may run again."""
    sql = []
    for table in tenant_tables():
        sql += _policy(table, VISIBLE.get(table, IN_TENANT), WRITABLE.get(table, IN_TENANT))
    sql += _policy(_LOG, LOG_POLICY, LOG_POLICY)
    sql += _policy(_EVENTS, _EVENT_POLICY, _EVENT_POLICY)
    for table in ALERTS:
        sql += _policy(table, _ALERT_POLICY, _ALERT_POLICY)
    return sql


def _policy(table: str, using: str, check: str) -> list[str]:
    return [
        f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
        f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY',
        f'DROP POLICY IF EXISTS tenant_rows ON "{table}"',
        f'CREATE POLICY tenant_rows ON "{table}" TO {WEB}, {RECOGNITION} USING ({using}) WITH CHECK ({check})',
        # Migrations and backups run as the owner, which no running process does.
        f'DROP POLICY IF EXISTS owner_rows ON "{table}"',
        f'CREATE POLICY owner_rows ON "{table}" TO {OWNER} USING (true) WITH CHECK (true)',
    ]
