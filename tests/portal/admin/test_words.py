"""The platform admin speaks the reader's language: Django's part, the packages' and ours. Codes stand apart."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup, NavigableString
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.operations import announcements, failures
from portal.security.alerts.raising import ring
from portal.sign_in import directories
from tenants.organizations.models import Handler, Property, User
from tenants.organizations.services import emergencies, properties
from tenants.organizations.trail import Happening, Kind, note
from tests import factories
from tests.browser.looking import foreign

pytestmark = pytest.mark.django_db

# What a program or another language says is marked as such; what somebody typed is in the fields.
NOT_READ = "script, style, template, code, pre, textarea, option[selected], [translate=no], [lang]:not(html)"
SAID_ALOUD = ("aria-label", "placeholder", "title", "alt")
TYPED = {
    "zh-hans": (),
    "en": ("示范物业", "棕榈湾小区", "名录", "今晚停机维护。", "闸机打不开，物业来电请求平台一起查原因。"),
}


@pytest.fixture
def staff(tenant: Property) -> User:
    """Platform staff, and something in every list."""
    user = User.objects.create_user("staff@example.com", factories.PASSWORD, is_staff=True)
    now = timezone.now()
    reason = "闸机打不开，物业来电请求平台一起查原因。"
    emergencies.start(tenant=tenant, staff=user, hours=1, reason=reason, scope="auditor", wider_because="")
    failures.record(task="rights.certify", error=ValueError(), args=(str(tenant.pk),), kwargs={})
    text = {"text_zh": "今晚停机维护。", "text_en": "Tonight."}
    announcements.announce(
        handlers=[tenant.handler], actor=user, **text, tone="info", starts_at=now, ends_at=now + timedelta(days=1)
    )
    facts = {"table": "auditlog_logentry", "id": 3, "fault": "changed", "broken": 1}
    ring("audit_broken", None, "table:auditlog_logentry", facts, now)
    directory = {"provider_id": "house", "server_url": "https://id.example.com", "client_id": "x1", "secret": "s" * 32}
    directories.name_directory(directory=None, handler=tenant.handler, name="名录", is_active=True, **directory)
    properties.set_limits(of=tenant, max_people=1200, max_devices=None, max_requests=None)
    for kind, actor, more in (
        (Kind.REFUSED, "address:f0f0", {"reason": "stranger", "what": "f0" * 16}),
        (Kind.SIGN_IN_RESET, f"user:{user.pk}", {"proof": "call_back"}),
        (Kind.THROTTLED, "address:f0f0", {"limit": "flood", "route": "person_edit"}),
        (Kind.EXPORTED, "command:backup", {"what": "backup"}),
    ):
        note(Happening(kind=kind, actor=actor, subject=f"user:{user.pk}", facts=more))
    return user


def pages(client: Client) -> Iterator[tuple[str, str]]:
    """Every page of the platform by its address: our own, and of each table its list, a row, a new one."""
    for name in ("index", "start", "health", "versions"):
        yield _open(client, reverse(f"admin:{name}"))
    for model in admin.site._registry:
        base = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        address, listed = _open(client, reverse(f"{base}_changelist"))
        yield address, listed
        for path in ("add/", r"[0-9a-f-]+/change/"):
            if found := re.search(f'href="({address}{path})', listed):
                yield _open(client, found.group(1))


def _open(client: Client, address: str) -> tuple[str, str]:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return address, answer.content.decode()


def texts(page: str) -> list[str]:
    soup = BeautifulSoup(page, "html.parser")
    for element in soup.select(NOT_READ):
        element.decompose()
    said = [text.strip() for text in soup.find_all(string=True) if type(text) is NavigableString]
    said += [str(tag[name]) for tag in soup.find_all(True) for name in SAID_ALOUD if tag.get(name)]
    return [" ".join(text.split()) for text in said if text]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_of_the_platform_is_in_the_reader_s_language(staff: User, tenant: Property, language: str) -> None:
    client = Client(headers={"accept-language": language})
    client.cookies["django_language"] = language
    client.force_login(staff)
    known = [
        tenant.name,
        tenant.name_en,
        tenant.slug,
        tenant.handler.name,
        tenant.handler.contact_name,
        *TYPED[language],
    ]
    known += [handler.name for handler in Handler.objects.all()] + [
        "staff@example.com",
        "Tonight",
        "west-lake",
        "When the log is broken",
    ]
    faults = []
    opened = dict(pages(client))
    assert len(opened) > 20
    for address, page in opened.items():
        faults += [f"{address}: {one}" for one in foreign(texts(page), language[:2], [word for word in known if word])]
    assert not faults, "\n".join(faults)
