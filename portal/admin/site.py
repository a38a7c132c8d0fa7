"""The platform admin."""

from django.contrib import admin


class ConsentryAdminSite(admin.AdminSite):
    site_header = site_title = "知门 Consentry"
