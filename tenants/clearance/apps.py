"""The gate: may face data be used here, now, for this person?"""

from django.apps import AppConfig


class ClearanceConfig(AppConfig):
    name = "tenants.clearance"
    label = "clearance"
