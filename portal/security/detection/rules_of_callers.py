"""What callers try: passwords, codes, other properties, ids, and too much at once."""

from django.utils.translation import gettext_lazy as _

from portal.security.detection import keys
from portal.security.detection.rule import HOUR, MINUTE, Rule
from tenants.organizations.trail import Kind, Sign

RULES_OF_CALLERS = [
    Rule(
        code="sign_in_guessing",
        title=_("Somebody guesses a password"),
        advice=_(
            "Signing in to one account failed again and again. Ask its member whether it was them. If not, have "
            "them choose a new password and look at their sessions."
        ),
        article="PIPL 51",
        severity="medium",
        threshold=10,
        window=HOUR,
        key=keys.account,
    ),
    Rule(
        code="sign_in_spraying",
        title=_("One address tries many accounts"),
        advice=_(
            "From one network address signing in to many accounts failed. Look in the log whether one of them "
            "succeeded from there, and have that member choose a new password."
        ),
        article="PIPL 51",
        severity="high",
        threshold=15,
        window=HOUR,
        key=keys.accounts_of_an_address,
    ),
    Rule(
        code="tenant_probing",
        title=_("A member tries other properties"),
        advice=_(
            "A member asked for several properties where they do not work. Nothing was shown. Ask them why; if it "
            "was not them, end the membership."
        ),
        article="PIPL 51",
        severity="high",
        threshold=5,
        window=HOUR,
        key=keys.refused("stranger"),
    ),
    Rule(
        code="id_probing",
        title=_("A member tries ids"),
        advice=_(
            "A member asked for many records that do not exist here. Nothing was shown. A program may be "
            "searching with their account: ask them, and end the membership if they do not know of it."
        ),
        article="PIPL 51",
        severity="high",
        threshold=20,
        window=10 * MINUTE,
        key=keys.refused("id"),
    ),
    Rule(
        code="form_flood",
        title=_("A flood of requests"),
        advice=_(
            "One caller was refused again and again for asking too often. The limits hold, nothing has to be done "
            "at once. If it goes on, have the address blocked in front of the portal."
        ),
        article="Cybersecurity Law 21",
        severity="low",
        threshold=30,
        window=10 * MINUTE,
        key=keys.by_actor(Kind.THROTTLED),
    ),
    Rule(
        code="code_guessing",
        title=_("Somebody guesses codes"),
        advice=_(
            "One caller typed many wrong codes. None of them opened anything. Do not read codes out on the "
            "telephone; if a resident complains, send them a new one."
        ),
        article="PIPL 51",
        severity="medium",
        threshold=20,
        window=HOUR,
        key=keys.by_actor(Kind.CODE_WRONG),
    ),
    Rule(
        code="code_flood",
        title=_("A flood of one-time codes"),
        advice=_(
            "Very many one-time codes were sent for this property. Somebody may want to annoy residents or to "
            "cause costs. Look at the newest requests, and tell the residents who got codes they did not ask for."
        ),
        article="PIPL 51",
        severity="medium",
        threshold=30,
        window=10 * MINUTE,
        key=keys.by_tenant(Sign.CODE_SENT),
    ),
]
