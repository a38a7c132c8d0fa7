"""Addresses of the pages: staff under /t/<slug>/, everybody else under /p/<slug>/."""

from django.urls import include, path

urlpatterns = [
    path("", include("portal.web.urls.entry")),
    path("t/<slug:slug>/", include("portal.web.urls.site")),
    path("t/<slug:slug>/", include("portal.web.urls.people")),
    path("p/<slug:slug>/", include("portal.web.urls.public")),
]
