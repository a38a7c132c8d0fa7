"""Senders: what they hand over, and what they say when it fails."""

import io
import json
import stat
import threading
import time
import traceback
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from smtplib import (
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPDataError,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPServerDisconnected,
)
from typing import ClassVar

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from pytest_django import Settings

from tenants.people.kinds import InvitationReason, PromptChannel
from tenants.people.senders import (
    ConsoleSender,
    FileSender,
    HttpSmsSender,
    NotSent,
    Sender,
    SmtpSender,
    channels,
    sender_for,
)
from tenants.people.senders.gateway import as_dialled, is_private

TO, SUBJECT, TEXT = "138 0013-8000", "请看", "链接 https://portal.example/p/x/me/SECRET/\n"


def problem(sender: Sender, to: str = TO) -> NotSent:
    with pytest.raises(NotSent) as caught:
        sender.send(to=to, subject=SUBJECT, text=TEXT)
    # What a log would keep of it: neither the address nor the link.
    shown = "".join(traceback.format_exception(caught.value)) + repr(caught.value)
    assert not any(secret in shown for secret in (to, "SECRET"))
    return caught.value


def test_the_console_shows_the_message() -> None:
    stream = io.StringIO()
    ConsoleSender(stream).send(to=TO, subject=SUBJECT, text=TEXT)
    assert TEXT in stream.getvalue() and TO in stream.getvalue()


def test_each_message_is_a_file_that_only_its_owner_reads(tmp_path: Path) -> None:
    folder = tmp_path / "outbox"
    for _ in range(2):
        FileSender(folder).send(to=TO, subject=SUBJECT, text=TEXT)
    files = list(folder.iterdir())
    assert len(files) == 2
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert all(file.suffix == ".txt" and TEXT in file.read_text() for file in files)


def test_a_folder_that_takes_nothing_is_tried_again(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("a file, not a folder")
    refused = problem(FileSender(tmp_path / "outbox"))
    assert (refused.reason, refused.can_retry) == (InvitationReason.UNREACHABLE, True)


# -- E-mail


class Failing(BaseEmailBackend):
    """A mail server that answers with what the test says."""

    raises: ClassVar[Exception]

    def send_messages(self, messages: object) -> int:
        raise self.raises


def test_a_letter_has_its_subject_in_one_line() -> None:
    SmtpSender().send(to="li@example.com", subject="请看\n一看", text=TEXT)
    letter = mail.outbox[0]
    assert (letter.to, letter.subject, letter.body) == (["li@example.com"], "请看 一看", TEXT)
    assert letter.extra_headers == {"Auto-Submitted": "auto-generated"}


@pytest.mark.parametrize(
    ("raised", "reason", "can_retry"),
    [
        (SMTPRecipientsRefused({"li@example.com": (550, b"li@example.com unknown")}), "refused", False),
        (SMTPRecipientsRefused({"li@example.com": (451, b"greylisted")}), "unreachable", True),
        (SMTPDataError(554, b"spam"), "refused", False),
        (SMTPDataError(421, b"busy"), "unreachable", True),
        (SMTPAuthenticationError(535, b"no"), "not_set_up", True),
        (SMTPConnectError(554, b"no"), "unreachable", True),
        (SMTPServerDisconnected("li@example.com"), "no_answer", True),
        (TimeoutError(), "no_answer", True),
        (ConnectionRefusedError(), "unreachable", True),
        (ValueError("li@example.com"), "refused", False),
        (SMTPException("?"), "unreachable", True),
    ],
)
def test_what_a_mail_server_says_becomes_a_reason(
    settings: Settings, raised: Exception, reason: str, can_retry: bool
) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Failing"
    Failing.raises = raised
    refused = problem(SmtpSender(), to="li@example.com")
    assert (refused.reason, refused.can_retry) == (reason, can_retry)


# -- Text messages


class Gateway(BaseHTTPRequestHandler):
    """Answers every request with the server's `status`, or not at all for 0, and keeps what came."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.came.append((self.path, dict(self.headers), json.loads(body)))
        if not self.server.status:
            self.server.waiting.wait(5)
            return
        self.send_response(self.server.status)
        if self.server.status in {301, 302, 307, 308}:
            self.send_header("Location", "/elsewhere")
        self.end_headers()
        self.wfile.write(b"13800138000 is not a number")

    def log_message(self, *_args: object) -> None:
        """Nothing is printed."""


@pytest.fixture
def gateway() -> Iterator[HTTPServer]:
    with HTTPServer(("127.0.0.1", 0), Gateway) as server:
        server.came, server.status, server.waiting = [], 200, threading.Event()
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server
        server.waiting.set()
        server.shutdown()
        thread.join()


def sms(server: HTTPServer, *, timeout: float = 5.0) -> HttpSmsSender:
    return HttpSmsSender(url=f"http://127.0.0.1:{server.server_port}/messages", key="the-key", timeout=timeout)


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_a_text_message_is_posted_with_its_key(gateway: HTTPServer, status: int) -> None:
    gateway.status = status
    sms(gateway).send(to=TO, subject=SUBJECT, text=TEXT)
    [(path, headers, body)] = gateway.came
    assert (path, headers["Authorization"]) == ("/messages", "Bearer the-key")
    assert headers["Content-Type"] == "application/json"
    assert body == {"to": "+8613800138000", "text": TEXT}


@pytest.mark.parametrize(
    ("typed", "dialled"),
    [
        ("138 0013 8000", "+8613800138000"),
        ("+86 138-0013-8000", "+8613800138000"),
        ("0086 13800138000", "+8613800138000"),
        ("86 13800138000", "+8613800138000"),
        ("１３８００１３８０００", "+8613800138000"),
        ("+1 381 234 5678", "+13812345678"),
        ("0755-8888 6666", "075588886666"),
    ],
)
def test_a_number_is_dialled_as_it_is_meant(typed: str, dialled: str) -> None:
    assert as_dialled(typed) == dialled


@pytest.mark.parametrize(
    ("status", "reason", "can_retry"),
    [
        (400, "refused", False),
        (404, "refused", False),
        (422, "refused", False),
        (401, "not_set_up", False),
        (403, "not_set_up", False),
        (408, "unreachable", True),
        (429, "unreachable", True),
        (503, "unreachable", True),
        (500, "no_answer", True),
        (504, "no_answer", True),
        (302, "not_set_up", False),
        (307, "not_set_up", False),
    ],
)
def test_what_a_gateway_says_becomes_a_reason_and_is_said_once(
    gateway: HTTPServer, caplog: pytest.LogCaptureFixture, status: int, reason: str, can_retry: bool
) -> None:
    gateway.status = status
    refused = problem(sms(gateway))
    assert (refused.reason, refused.can_retry) == (reason, can_retry)
    assert [path for path, _headers, _body in gateway.came] == ["/messages"], "a redirect was followed"
    assert "13800138000" not in caplog.text


def test_a_gateway_that_keeps_silent_is_not_waited_for(gateway: HTTPServer) -> None:
    gateway.status = 0
    started = time.monotonic()
    refused = problem(sms(gateway, timeout=0.2))
    assert time.monotonic() - started < 3
    assert (refused.reason, refused.can_retry) == (InvitationReason.NO_ANSWER, True)


def test_a_gateway_that_is_not_there_is_tried_again(gateway: HTTPServer) -> None:
    sender = HttpSmsSender(url="http://127.0.0.1:1/", key="the-key")
    assert (problem(sender).reason, problem(sender).can_retry) == (InvitationReason.UNREACHABLE, True)


@pytest.mark.parametrize(
    ("url", "key"),
    [("http://sms.example/messages", "k"), ("https://sms.example/", ""), ("", "k"), ("https://sms.example/", "a\nb")],
)
def test_nothing_leaves_in_clear_or_without_a_usable_key(url: str, key: str) -> None:
    refused = problem(HttpSmsSender(url=url, key=key, timeout=0.2))
    assert (refused.reason, refused.can_retry) == (InvitationReason.NOT_SET_UP, False)


def test_the_key_is_in_no_text_form_of_the_sender() -> None:
    assert "the-key" not in repr(HttpSmsSender(url="https://sms.example/", key="the-key"))


@pytest.mark.parametrize(
    ("url", "private"),
    [
        ("https://sms.example/x", True),
        ("http://127.0.0.1:8080/", True),
        ("http://[::1]/", True),
        ("http://localhost/", True),
        ("http://localhost.example/", False),
        ("http://127.0.0.1.example/", False),
        ("http://10.0.0.1/", False),
        ("ftp://127.0.0.1/", False),
        ("https://", False),
        ("http://[::1", False),
        ("", False),
    ],
)
def test_private_is_https_or_this_machine(url: str, private: bool) -> None:
    assert is_private(url) is private


# -- Which


def test_a_channel_without_a_sender_is_not_offered(settings: Settings) -> None:
    assert channels() == [PromptChannel.SMS, PromptChannel.EMAIL]
    assert isinstance(sender_for("sms"), FileSender)
    settings.SMS_SENDER = ""
    assert channels() == [PromptChannel.EMAIL]
    assert sender_for(PromptChannel.SMS) is None
    assert sender_for(PromptChannel.DESK) is None


def test_without_the_portals_own_address_nothing_is_offered(settings: Settings) -> None:
    settings.PUBLIC_URL = ""
    assert channels() == []
