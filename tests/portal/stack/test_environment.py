"""A process is told what its part needs, and nothing that would open another part."""

from pathlib import Path

import pytest

from portal.stack.environment import Services, external_databases, process_environment, read_dotenv
from portal.stack.failure import StackError
from portal.stack.keys import Keys
from portal.stack.layout import LONGEST_SOCKET_FOLDER, Layout
from portal.stack.run import inherited

SERVICES = Services(
    databases={"web": "pg://web", "recognition": "pg://recognition", "owner": "pg://owner"},
    broker="redis://broker",
    cache="redis://cache",
)
EVERYTHING = {
    "MASTER_KEY": "m", "MASTER_KEY_FILE": "/m", "CAPTURE_KEY": "c", "CAPTURE_KEY_FILE": "/c", "PATH": "/bin",
    "DATABASE_URL": "pg://web", "DATABASE_URL_RECOGNITION": "pg://recognition", "DATABASE_URL_OWNER": "pg://owner",
}  # fmt: skip


def environment(role: str, outer: dict[str, str]) -> dict[str, str]:
    layout = Layout.at(Path("/srv/consentry"))
    return process_environment(role=role, layout=layout, services=SERVICES, keys=Keys(layout.keys, {}), outer=outer)


@pytest.mark.parametrize("outer", [{}, EVERYTHING], ids=["key files", "keys from outside"])
@pytest.mark.parametrize("role", ["web", "owner"])
def test_master_key_and_private_capture_key_go_to_recognition_only(role: str, outer: dict[str, str]) -> None:
    secret = {"MASTER_KEY", "MASTER_KEY_FILE", "CAPTURE_KEY", "CAPTURE_KEY_FILE"}
    outer = outer | {"MASTER_KEY_NEXT": "n", "MASTER_KEY_NEXT_FILE": "/n"}
    assert not (secret | {"MASTER_KEY_NEXT", "MASTER_KEY_NEXT_FILE"}) & environment(role, outer).keys()
    assert environment("recognition", outer)["MASTER_KEY_NEXT_FILE"] == "/n"
    assert secret & environment("recognition", outer).keys() >= {"MASTER_KEY_FILE", "CAPTURE_KEY_FILE"}


def test_the_key_of_the_sms_gateway_goes_to_those_who_send_only() -> None:
    outer = {"SMS_GATEWAY_KEY": "k", "SMS_GATEWAY_KEY_FILE": "/k", "SMS_GATEWAY_URL": "https://sms.example"}
    assert outer.items() <= environment("web", outer).items()
    for role in ("recognition", "owner"):
        assert not {"SMS_GATEWAY_KEY", "SMS_GATEWAY_KEY_FILE"} & environment(role, outer).keys()


@pytest.mark.parametrize("outer", [{}, {"EVIDENCE_KEY": "e", "EVIDENCE_PUBLIC_KEYS": "p"}], ids=["files", "outside"])
def test_the_key_that_signs_evidence_goes_to_web_only_and_its_public_half_to_everybody(outer: dict[str, str]) -> None:
    for role in ("web", "recognition", "owner"):
        known = environment(role, outer).keys()
        assert bool({"EVIDENCE_KEY", "EVIDENCE_KEY_FILE"} & known) == (role == "web")
        assert {"EVIDENCE_PUBLIC_KEYS", "EVIDENCE_PUBLIC_KEYS_FILE"} & known


def test_a_scratch_stack_takes_over_no_key_of_the_installation_around_it() -> None:
    keys = ("SECRET_KEY", "PASS_KEY", "MASTER_KEY", "CAPTURE_KEY", "EVIDENCE_KEY", "SMS_GATEWAY_KEY")
    around = {f"{name}{ending}": "foreign" for name in keys for ending in ("", "_FILE")}
    assert inherited(around | {"PATH": "/bin"}) == {"PATH": "/bin"}


@pytest.mark.parametrize("role", ["web", "recognition", "owner"])
def test_each_role_knows_one_database_address(role: str) -> None:
    known = {value for name, value in environment(role, EVERYTHING).items() if name.startswith("DATABASE_URL")}
    assert known == {f"pg://{role}"}


def test_the_settings_that_importing_celery_chose_do_not_count() -> None:
    assert environment("web", {"DJANGO_SETTINGS_MODULE": "portal.settings.base"})["DJANGO_SETTINGS_MODULE"] == (
        "portal.settings.local"
    )


def test_an_external_database_needs_all_three_addresses() -> None:
    assert external_databases({}) is None
    with pytest.raises(StackError, match="these are not set: DATABASE_URL_RECOGNITION, DATABASE_URL_OWNER"):
        external_databases({"DATABASE_URL": "pg://web"})
    assert external_databases(EVERYTHING) == dict(SERVICES.databases)


def test_dotenv_is_read_and_a_broken_line_is_named(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    assert read_dotenv(file) == {}
    file.write_text("# a comment\nPORT=8001\nexport NAME = 'two words'\nEMPTY=\n\n")
    assert read_dotenv(file) == {"PORT": "8001", "NAME": "two words"}
    file.write_text("PORT=8001\nnonsense\n")
    with pytest.raises(StackError, match="Line 2 of"):
        read_dotenv(file)


def test_sockets_move_to_a_short_folder_when_the_path_is_long(tmp_path: Path) -> None:
    deep = tmp_path / ("a" * 60) / ("b" * 60)
    sockets = Layout.at(deep).sockets
    assert len(str(sockets)) <= LONGEST_SOCKET_FOLDER
    assert Layout.at(deep).sockets == sockets  # a second command finds the running server
