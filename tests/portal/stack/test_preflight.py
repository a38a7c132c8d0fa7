"""What keeps the stack from starting is one sentence with its mend, never a traceback."""

import socket
from pathlib import Path

import pytest

from portal.stack import preflight
from portal.stack.failure import StackError
from portal.stack.keys import ensure_keys


def test_a_taken_port_is_named_with_a_free_way_out() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(StackError, match=rf"Port {port} on 127.0.0.1 is taken.*PORT=\d+ make run"):
            preflight.check_port("127.0.0.1", port)


def test_a_free_port_passes() -> None:
    preflight.check_port("127.0.0.1", preflight.free_port())


def test_a_full_disk_is_named_with_its_folder(tmp_path: Path) -> None:
    with pytest.raises(StackError, match=r"has only 12 MB free; 500 MB are needed.*Free some space"):
        preflight.check_disk(tmp_path / "not" / "made" / "yet", free=12 * 1024**2)


def test_a_missing_system_library_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "broken_native_module.py"
    broken.write_text("raise ImportError('libGL.so.1: cannot open shared object file')")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(StackError, match=r"broken_native_module does not load.*system library it names \(libGL.so.1\)"):
        preflight.check_native_modules(["broken_native_module"])


def test_an_old_python_is_named() -> None:
    with pytest.raises(StackError, match=r"Python 3.10 is too old"):
        preflight.check_python((3, 10))


def test_a_second_stack_on_the_same_folder_is_refused(tmp_path: Path) -> None:
    lock = preflight.take_lock(tmp_path / "stack.lock", port=8123)
    with pytest.raises(StackError, match=r"already runs.*port 8123"):
        preflight.take_lock(tmp_path / "stack.lock", port=8124)
    lock.close()
    preflight.take_lock(tmp_path / "stack.lock", port=8124).close()


def test_a_lost_master_key_is_never_replaced_beside_data(tmp_path: Path) -> None:
    ensure_keys(tmp_path, roles=("owner",), has_data=False)
    (tmp_path / "master.key").unlink()
    with pytest.raises(StackError, match=r"master.key is missing.*from your key backup"):
        ensure_keys(tmp_path, roles=("owner",), has_data=True)
    assert not (tmp_path / "master.key").exists()


def test_keys_are_made_once_and_readable_by_their_owner_only(tmp_path: Path) -> None:
    first = ensure_keys(tmp_path, roles=("owner", "web"), has_data=False)
    master = first.master.read_bytes()
    second = ensure_keys(tmp_path, roles=("owner", "web"), has_data=True)
    assert second.master.read_bytes() == master
    assert second.database_passwords == first.database_passwords
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}
