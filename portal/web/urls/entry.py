"""The front door."""

from django.urls import path

from portal.web.views.entry import Home

urlpatterns = [path("", Home.as_view(), name="home")]
