"""Persons, who they are, who answers for them, and what was answered."""

from tenants.people.models.consents import Consent
from tenants.people.models.guardians import Guardian
from tenants.people.models.invitations import Invitation
from tenants.people.models.minors import MinorAccess, MinorAccessView
from tenants.people.models.papers import PaperForm
from tenants.people.models.passes import Pass, PassDoor
from tenants.people.models.persons import Person, PersonalLink, PersonIdentity
from tenants.people.models.prompts import PromptRecord
from tenants.people.models.registrations import Registration

__all__ = [
    "Consent",
    "Guardian",
    "Invitation",
    "MinorAccess",
    "MinorAccessView",
    "PaperForm",
    "Pass",
    "PassDoor",
    "Person",
    "PersonIdentity",
    "PersonalLink",
    "PromptRecord",
    "Registration",
]
