"""A webhook reaches the open internet and nothing else, whatever address is typed in and whatever answers there."""

import ipaddress
import socket
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pytest_django import Settings

from portal.security.alerts.posting import Forbidden, NoAnswer, Post, is_public, split
from tests.portal.security.alerts.receivers import Receiver, receiving

PRIVATE = [
    "127.0.0.1",
    "127.8.8.8",
    "0.0.0.0",  # noqa: S104 - an address to refuse
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.100.100.200",
    "192.0.2.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "ff02::1",
    "2001:db8::1",
    "::ffff:10.0.0.1",
    "64:ff9b::a00:1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "2001:0:0:0:0:0:f5ff:fffe",
]


def resolving(*addresses: str, asked: list[str] | None = None) -> Any:
    """A resolver that answers so whatever it is asked."""

    def resolve(host: str, port: int, **_kwargs: object) -> list[Any]:
        if asked is not None:
            asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    return resolve


@pytest.mark.parametrize("address", PRIVATE)
def test_no_address_that_is_not_public_is_reached(address: str) -> None:
    assert not is_public(address)
    with pytest.raises(Forbidden):
        Post(resolve=resolving(address)).send("https://hook.example/", body=b"", headers={})


def test_a_name_with_one_private_address_among_public_ones_is_refused() -> None:
    assert is_public("9.9.9.9") and is_public("2620:fe::fe")
    with pytest.raises(Forbidden):
        Post(resolve=resolving("9.9.9.9", "10.0.0.1")).send("https://hook.example/", body=b"", headers={})


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "127.1", "localhost", "[::ffff:127.0.0.1]"])
def test_other_ways_to_write_this_machine_are_refused_too(host: str) -> None:
    with pytest.raises(Forbidden):
        Post().send(f"https://{host}/", body=b"", headers={})


@pytest.mark.parametrize(
    "url",
    [
        "",
        "hook.example",
        "//hook.example",
        "http://hook.example/",
        "ftp://hook.example/",
        "file:///etc/passwd",
        "https://",
        "https:///path",
        "https://me:secret@hook.example/",
        "https://me@hook.example/",
        "https://hook.example/#part",
        "https://hook.example:0/",
        "https://hook.example:99999/",
        "https://[::1/",
        "https://hook.example/a b",
        "https://hook.example/\r\nHost: other",
        "https://hook.example\\@other/",
        "https://知门.example/",
    ],
)
def test_only_a_plain_https_address_is_taken(url: str, settings: Settings) -> None:
    settings.WEBHOOK_LOOPBACK_ALLOWED = False
    with pytest.raises(Forbidden):
        split(url)


def test_plain_http_stays_on_this_machine_even_where_it_is_allowed() -> None:
    with pytest.raises(Forbidden):
        Post(resolve=resolving("9.9.9.9")).send("http://hook.example/", body=b"", headers={})


def test_the_connection_goes_to_the_address_that_was_checked_and_the_name_is_asked_once() -> None:
    asked: list[str] = []
    with receiving(Receiver()) as receiver:
        post = Post(resolve=resolving("127.0.0.1", asked=asked))
        assert post.send(f"http://nobody.invalid:{receiver.port}/a?b=1", body=b"{}", headers={"x-own": "1"}) == 204
    assert asked == ["nobody.invalid"]
    [got] = receiver.got
    assert (got.path, got.body, got.headers["x-own"]) == ("/a?b=1", b"{}", "1")
    assert got.headers["host"] == f"nobody.invalid:{receiver.port}"


def test_a_redirect_is_not_followed() -> None:
    with receiving(Receiver(answers=[302])) as receiver:
        assert Post().send(receiver.url, body=b"", headers={}) == 302
    assert len(receiver.got) == 1


def test_of_an_answer_without_an_end_only_the_head_is_read() -> None:
    with receiving(Receiver(answers=[200], is_endless=True)) as receiver:
        assert Post().send(receiver.url, body=b"", headers={}) == 200


def test_a_head_that_comes_byte_by_byte_is_cut_off() -> None:
    with receiving(Receiver(is_slow=True)) as receiver, pytest.raises(NoAnswer):
        Post(seconds=0.3).send(receiver.url, body=b"", headers={})


def test_where_nobody_listens_or_the_name_leads_nowhere_there_is_no_answer() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        with pytest.raises(NoAnswer):
            Post().send(f"http://127.0.0.1:{unused.getsockname()[1]}/", body=b"", headers={})

    def nowhere(*_args: object, **_kwargs: object) -> list[Any]:
        raise socket.gaierror

    with pytest.raises(NoAnswer):
        Post(resolve=nowhere).send("https://hook.example/", body=b"", headers={})


def test_tls_asks_for_the_name_and_believes_no_other(tmp_path: Path) -> None:
    server, client = certified(tmp_path, "hook.example")
    with receiving(Receiver(), tls=server) as receiver:
        post = Post(resolve=resolving("127.0.0.1"), may_reach=is_loopback, tls=lambda: client)
        assert post.send(f"https://hook.example:{receiver.port}/", body=b"{}", headers={}) == 204
        with pytest.raises(NoAnswer):
            post.send(f"https://other.example:{receiver.port}/", body=b"{}", headers={})
        with pytest.raises(NoAnswer):  # a certificate that nobody this machine trusts has signed
            Post(resolve=resolving("127.0.0.1"), may_reach=is_loopback).send(
                f"https://hook.example:{receiver.port}/", body=b"{}", headers={}
            )
    assert len(receiver.got) == 1


def is_loopback(address: str) -> bool:
    return ipaddress.ip_address(address).is_loopback


def certified(folder: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's context with a certificate of its own, and a client's that trusts it alone."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    who = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = folder / "server.pem"
    file.write_bytes(secret + pem)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    client = ssl.create_default_context(cadata=pem.decode())
    return server, client
