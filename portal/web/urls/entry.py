"""Addresses of this part of the pages."""

from django.urls import path  # noqa: F401 - filled in with its pages

urlpatterns: list = []
