"""The front door, and the page over all properties of a member."""

from django.urls import path

from portal.web.views.entry import Home
from portal.web.views.portfolio import Portfolio, PropertySwitch

urlpatterns = [
    path("", Home.as_view(), name="home"),
    path("portfolio/", Portfolio.as_view(), name="portfolio"),
    path("portfolio/switch/", PropertySwitch.as_view(), name="portfolio_switch"),
]
