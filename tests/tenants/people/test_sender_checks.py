"""Production does not start with senders that send nothing, or that send in clear."""

import pytest
from pytest_django import Settings

from tenants.people import checks

SENDERS = "tenants.people.senders."


@pytest.fixture
def production(settings: Settings) -> Settings:
    """The settings of production, with text messages and e-mail set up rightly."""
    settings.SENDERS_MAY_KEEP_MESSAGES = False
    settings.CONSENTRY_ROLE = "web"
    settings.MAIL_SENDER, settings.SMS_SENDER = f"{SENDERS}SmtpSender", f"{SENDERS}HttpSmsSender"
    settings.SMS_GATEWAY_URL, settings.SMS_GATEWAY_KEY = "https://sms.example/messages", "k"
    settings.PUBLIC_URL = "https://portal.example"
    settings.EMAIL_HOST, settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL = "mail.example", True, False
    return settings


def found() -> list[str]:
    links, mail = checks.personal_links_have_an_address, checks.mail_is_private
    every = (checks.senders_are_real, checks.gateway_is_private, mail, links)
    messages = [message for check in every for message in check(None)]
    assert all(message.hint for message in messages)
    return [message.id for message in messages]


def test_a_right_set_up_is_not_spoken_of(production: Settings) -> None:
    assert found() == []


@pytest.mark.parametrize("name", ["SMS_SENDER", "MAIL_SENDER"])
@pytest.mark.parametrize("sender", ["FileSender", "ConsoleSender", "kept.FileSender"])
def test_a_sender_that_keeps_messages_is_refused(production: Settings, name: str, sender: str) -> None:
    setattr(production, name, SENDERS + sender)
    assert found() == ["people.E001"]
    production.SENDERS_MAY_KEEP_MESSAGES = True
    assert found() == []


@pytest.mark.parametrize("path", ["tenants.people.senders.Pigeon", "nowhere.Sender", "nonsense", f"{SENDERS}channels"])
def test_a_sender_that_does_not_exist_is_refused(production: Settings, path: str) -> None:
    production.MAIL_SENDER = path
    assert found() == ["people.E002"]


@pytest.mark.parametrize("url", ["http://sms.example/", "", "sms.example"])
def test_a_gateway_in_clear_is_refused(production: Settings, url: str) -> None:
    production.SMS_GATEWAY_URL = url
    assert found() == ["people.E003"]
    production.SMS_SENDER = ""
    assert found() == []


def test_a_gateway_on_this_machine_may_speak_plain_http(production: Settings) -> None:
    production.SMS_GATEWAY_URL = "http://127.0.0.1:9000/"
    assert found() == []


def test_a_gateway_without_a_key_is_refused_for_those_who_send(production: Settings) -> None:
    production.SMS_GATEWAY_KEY = None
    assert found() == ["people.E004"]
    production.CONSENTRY_ROLE = "owner"
    assert found() == []


@pytest.mark.parametrize("url", ["", "http://portal.example"])
def test_links_that_lead_nowhere_or_in_clear_are_refused(production: Settings, url: str) -> None:
    production.PUBLIC_URL = url
    assert found() == ["people.E005"]
    production.SMS_SENDER = production.MAIL_SENDER = ""
    assert found() == []


def test_a_mail_server_in_clear_is_refused(production: Settings) -> None:
    """What `smtp+tls://` comes to: the library knows no such scheme and says nothing."""
    production.EMAIL_USE_TLS = False
    assert found() == ["people.E006"]
    production.EMAIL_HOST = "127.0.0.1"
    assert found() == []
    production.EMAIL_HOST, production.MAIL_SENDER = "mail.example", ""
    assert found() == []
