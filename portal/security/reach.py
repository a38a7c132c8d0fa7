"""Which rows of which table a running process reaches: the table of docs/threat-model.md, made from the lists in code.

`manage.py reach --write` writes it; a test tries every statement on every table and compares what happened with it.
"""

from portal.security.grants import GRANTS, RECOGNITION, WEB, Grant
from portal.security.policies import ALERTS, tenant_tables

START, END = "<!-- reach: begin -->", "<!-- reach: end -->"
HEADER = ("| table | web | recognition | whose rows |", "|---|---|---|---|")

OF_THE_PROPERTY = "the property's"
# Tables whose policy shows more than the rows of the property at hand.
WIDER = {
    "organizations_membership": "the property's, and to read, the member's own; to platform staff, all",
    "organizations_emergencyaccess": "the property's, and to read, the staff member's own; to platform staff, all",
    "organizations_notification": "the property's, and the member's own in every property; to platform staff, all",
    "rights_propertyfigures": "the property's, and to read, those of every property the member works in",
    "auditlog_logentry": "the property's, and those of no property; to platform staff, all",
    "security_accessevent": "the property's, and those of no property",
    **dict.fromkeys(ALERTS, "the property's; to platform staff, those of no property"),
}
# Tables without a policy: their rows belong to no property. Each with its reason.
GLOBAL = {
    "django_migrations": "all: which migrations ran",
    "django_content_type": "all: names of models",
    "auth_permission": "all: names of permissions",
    "auth_group": "all: groups of platform staff",
    "auth_group_permissions": "all: groups of platform staff",
    "django_session": "all: read before anybody is known to belong anywhere",
    "account_emailaddress": "all: of accounts, which may belong to several properties",
    "account_emailconfirmation": "all: of accounts",
    "mfa_authenticator": "all: of accounts",
    "usersessions_usersession": "all: of accounts",
    "socialaccount_socialapp": "all: directories of handlers, their secrets sealed",
    "socialaccount_socialaccount": "all: of accounts",
    "socialaccount_socialtoken": "all: stays empty, no token of a directory is kept",
    "organizations_user": "all: accounts, which may belong to several properties",
    "organizations_user_groups": "all: of accounts",
    "organizations_user_user_permissions": "all: of accounts",
    "django_admin_log": "all: what platform staff did",
    "guardian_userobjectpermission": "all: stays empty, a right is given in the table of properties' permissions",
    "guardian_groupobjectpermission": "all: stays empty, a right is given in the table of properties' permissions",
    "organizations_propertyuserpermission": "all: asked which properties a member may enter",
    "organizations_notificationsettings": "all: how each account wants to be told, in every property it works in",
    "organizations_handler": "all: the companies behind the properties",
    "organizations_property": "all: the properties themselves",
    "vault_handlerkey": "all: wrapped keys of companies",
    "security_auditseal": "all: one chain of seals over the whole log",
    "operations_failedtask": "all: names of tasks that failed, with ids and no more",
    "operations_announcement": "all: what platform staff tell the members of properties",
    "operations_announcementputaway": "all: which member has read one",
    "rights_ledgerreplay": "all: when the ledger of erasures was played again, after a restore",
}


def whose(table: str) -> str:
    """Say whose rows of a table a process can reach. Raises KeyError for one without a policy and without a reason."""
    if table in WIDER:
        return WIDER[table]
    return OF_THE_PROPERTY if table in tenant_tables() else GLOBAL[table]


def lines() -> list[str]:
    """Return the whole table in Markdown. Letters: S select, I insert, U update, D delete; in brackets the columns."""
    rows = [
        f"| `{table}` | {letters(WEB, grant)} | {letters(RECOGNITION, grant)} | {whose(table)} |"
        for table, grant in sorted(GRANTS.items())
    ]
    return [*HEADER, *rows]


def letters(role: str, grant: Grant) -> str:
    """Return what a role may do to a table, as `S I U(state, reason)`; a dash for nothing."""
    is_web = role == WEB
    whole, narrow = (grant.web, grant.web_columns) if is_web else (grant.recognition, grant.recognition_columns)
    parts = [*whole, *(f"{letter}({', '.join(names)})" for letter, names in (narrow or {}).items())]
    return " ".join(sorted(parts, key=lambda part: "SIUD".index(part[0]))) or "–"


def placed(document: str) -> str:
    """Return the document with the table put between its two marks. Raises ValueError when a mark is missing."""
    before, after = document.index(START) + len(START), document.index(END)
    return "\n".join([document[:before], *lines(), document[after:]])
