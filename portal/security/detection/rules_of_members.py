"""What members do with data more often, or at other hours, than their work needs; and what nobody touches."""

from django.utils.translation import gettext_lazy as _

from portal.security.detection import keys
from portal.security.detection.rule import HOUR, MINUTE, Rule
from tenants.organizations.trail import Kind

RULES_OF_MEMBERS = [
    Rule(
        code="mass_reading",
        title=_("Many people's records were opened"),
        advice=_(
            "One member opened far more records than a day's work needs. Ask them what for. If it was not them, "
            "end the membership and prepare to tell the authority and the people concerned."
        ),
        article="PIPL 51, 57",
        severity="high",
        threshold=120,
        window=HOUR,
        key=keys.people_read,
    ),
    Rule(
        code="mass_listing",
        title=_("The list of people was read as a whole"),
        advice=_(
            "One member turned page after page of the list of people, faster than one reads. Ask them what for. If "
            "it was not them, end the membership."
        ),
        article="PIPL 51, 57",
        severity="high",
        threshold=100,
        window=10 * MINUTE,
        key=keys.by_actor(Kind.IDENTITIES_LISTED),
    ),
    Rule(
        code="mass_export",
        title=_("Data was taken out many times"),
        advice=_(
            "One member made very many files within an hour. Ask them what for and where the files are now. If it "
            "was not them, end the membership and prepare to tell the authority and the people concerned."
        ),
        article="PIPL 51, 57",
        severity="high",
        threshold=20,
        window=HOUR,
        key=keys.by_actor(Kind.EXPORTED),
    ),
    Rule(
        code="night_export",
        title=_("Data was taken out at night"),
        advice=_(
            "A member made a file with data between 22:00 and 6:00, Beijing time. Ask them what for. If it was not "
            "them, end the membership."
        ),
        article="PIPL 51, 57",
        severity="medium",
        threshold=1,
        window=HOUR,
        key=keys.at_night,
    ),
    Rule(
        code="decoy_person",
        title=_("A decoy was opened"),
        advice=_(
            "Somebody opened the record of a person who does not exist: nobody has a reason to. Ask them how they "
            "came there. If they do not know of it, end the membership."
        ),
        article="PIPL 51",
        severity="high",
        threshold=1,
        window=HOUR,
        key=keys.person_touched,
        is_decoy=True,
    ),
    Rule(
        code="decoy_key",
        title=_("A decoy key was used"),
        advice=_(
            "Somebody used a key that nobody works with: it was stolen from where it was laid out. Find out who "
            "can read that place, and replace every other key that lay there."
        ),
        article="PIPL 51",
        severity="high",
        threshold=1,
        window=HOUR,
        key=keys.key_used,
        is_decoy=True,
    ),
    Rule(
        code="role_used_at_once",
        title=_("A role was given and used at once"),
        advice=_(
            "Within minutes of getting a role, a member took data out, read what is closed or gave a role on. Ask "
            "who gave the role, and why. If nobody knows, end the membership and look at the giver's sessions."
        ),
        article="PIPL 51",
        severity="high",
        threshold=1,
        window=10 * MINUTE,
        key=keys.strong_use,
        after=keys.role_given,
    ),
]
