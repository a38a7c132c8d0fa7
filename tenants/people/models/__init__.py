"""Persons, who they are, and what they answered."""

from tenants.people.models.consents import Consent
from tenants.people.models.persons import Person, PersonalLink, PersonIdentity

__all__ = ["Consent", "Person", "PersonIdentity", "PersonalLink"]
