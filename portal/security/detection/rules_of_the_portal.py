"""What was done past the portal: to its log, its rows, its templates and its clock."""

from django.utils.translation import gettext_lazy as _

from portal.security.detection import keys
from portal.security.detection.rule import HOUR, Rule
from tenants.organizations.trail import Sign

RULES_OF_THE_PORTAL = [
    Rule(
        code="audit_broken",
        title=_("The log was changed"),
        advice=_(
            "Entries of the log are not as they were sealed. Somebody with the rights of the database's owner "
            "changed them. Keep a copy of the database, and follow “When the log is broken” of the operations "
            "manual."
        ),
        article="PIPL 51, 54",
        severity="high",
        threshold=1,
        window=HOUR,
        key=keys.found(Sign.CHAIN_BROKEN),
    ),
    Rule(
        code="rows_differ",
        title=_("Rows and log disagree"),
        advice=_(
            "There are rows that no entry of the log explains, or entries whose rows are gone. Somebody changed "
            "the database past the portal. Keep a copy of it, and compare with the last backup."
        ),
        article="PIPL 51, 54",
        severity="high",
        threshold=1,
        window=HOUR,
        key=keys.found(Sign.ROWS_DIFFER),
    ),
    Rule(
        code="templates_read",
        title=_("Faces were read past the portal"),
        advice=_(
            "A role of the database that has no business there read the table of face templates, or tried to. They "
            "are encrypted. Find out who has that role's password, change it, and consider new keys."
        ),
        article="PIPL 51, 57",
        severity="high",
        threshold=1,
        window=HOUR,
        key=keys.found(Sign.FOREIGN_READER),
    ),
    Rule(
        code="statement_refused",
        title=_("The database refused the portal"),
        advice=_(
            "The portal sent the database a statement that its role may not run. That is a mistake in the "
            "portal, or somebody has found a way to send statements of their own. Read the log of the web process."
        ),
        article="PIPL 51",
        severity="high",
        threshold=1,
        window=HOUR,
        key=keys.found(Sign.STATEMENT_REFUSED),
    ),
    Rule(
        code="clock_jumped",
        title=_("The portal's own clock jumped"),
        advice=_(
            "The clock of this machine moved by more than a minute. Deadlines and the log's times depend on it. "
            "See to it that the time service runs, and look who has access to the machine."
        ),
        article="Cybersecurity Law 21",
        severity="medium",
        threshold=1,
        window=HOUR,
        key=keys.found(Sign.CLOCK_JUMPED),
    ),
]
