"""Wrong codes at the pages and the API: counted against the caller, and told to the rules."""

from django.http import HttpRequest

from portal.limits import WRONG_CODES, address_of
from portal.security.detection import stream
from portal.security.detection.naming import address_named
from tenants.organizations.trail import Happening, Kind, tell


def count_wrong_code(request: HttpRequest) -> None:
    """Ten close the door for a while (`WRONG_CODES.is_reached`)."""
    WRONG_CODES.count_one(address_of(request))
    tell(Happening(kind=Kind.CODE_WRONG, actor=address_named(request), tenant_id=stream.here()))
