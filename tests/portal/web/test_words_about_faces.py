"""No page says more than is true: a terminal that is cut off may use a face until its lease of a day is over."""

import re

import pytest
from django.test import Client

from portal.stack.layout import ROOT
from recognition.edge.rules import LEASE
from tenants.organizations.models import Property, User
from tests import factories

# Said only where every terminal has confirmed, or of a pass.
CONFIRMED = {
    "No. Your face opens no door any more and is being deleted.",
    "No. The face opens no door any more and is being deleted.",
    "From %(at)s on the face opens nothing.",
    "From {{ at }} on the face opens nothing.",
    "%(reason)s · ordered %(since)s · the face opens nothing since then.",
    # The person stopped, and their face is erased everywhere or never was anywhere.
    "Since {{ date }} your face opens no door.",
    # Exceptions are named in the sentence itself.
    "Since {{ at }} the face opens nothing, but for terminals that are cut off.",
    "From its order on, a face opens nothing at any connected door. An erasure is complete when every store has given "
    "its receipt.",
}
TEXTS = re.compile(r"""_\(\s*"([^"]+)"|gettext(?:_lazy)?\(\s*"([^"]+)"|translate "([^"]+)"|trimmed[^%]*%\}([^%]+)\{%""")


def test_no_text_says_that_a_face_opens_nothing_anywhere() -> None:
    wrong = set()
    for folder, kind in (("portal", "py"), ("tenants", "py"), ("recognition", "py"), ("templates", "html")):
        for file in (ROOT / folder).rglob(f"*.{kind}"):
            for found in TEXTS.findall(file.read_text()):
                text = " ".join(filter(None, found))
                says = re.search(r"(?<!which )opens? (nothing|no door|anything)", text)
                if says and "face" in text.lower() and text not in CONFIRMED:
                    wrong.add(f"{file.relative_to(ROOT)}: {text}")
    assert not wrong


def page(client: Client, url: str) -> str:
    return client.get(url, HTTP_ACCEPT_LANGUAGE="en").content.decode()


@pytest.mark.django_db
@pytest.mark.page
def test_a_pause_says_what_a_terminal_may_do_that_is_cut_off(client: Client, tenant: Property, owner: User) -> None:
    assert LEASE.total_seconds() == 24 * 3600
    person = factories.make_person(tenant, "李明")
    link = f"/p/{tenant.slug}/me/{factories.make_link(tenant, person)}/"
    said = client.post(f"{link}restrict/", follow=True, HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "Until you end the pause, no connected door opens to the face." in said
    assert "A terminal that is cut off stops using it within 24 hours." in said


@pytest.mark.django_db
@pytest.mark.page
@pytest.mark.parametrize("path", ["restriction/", "death/"])
def test_the_desk_is_told_the_same(client: Client, tenant: Property, owner: User, path: str) -> None:
    person = factories.make_person(tenant, "李明")
    client.force_login(owner)
    said = page(client, f"/t/{tenant.slug}/people/{person.pk}/{path}")
    assert "No connected door opens to the face" in said
    assert "A terminal that is cut off stops using it within 24 hours." in said
