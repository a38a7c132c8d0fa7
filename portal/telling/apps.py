"""Telling members: its sweeps and letters. The rows belong to tenants.organizations."""

from django.apps import AppConfig


class TellingConfig(AppConfig):
    name = "portal.telling"
    label = "telling"
