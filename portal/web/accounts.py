"""How allauth behaves here: members are added by an owner, nobody signs up."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from portal.limits import address_of


class ClosedSignupAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The caller's address behind our proxy, too: its own would count all who sign in as one."""
        return address_of(request)
