"""The ledger as a file: many writers, a death in the middle of a line, and a hand that changes one."""

import os
import signal
import subprocess
import sys
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tenants.rights import ledger_file, ledger_index
from tenants.rights.ledger_file import Fault, FileLedger, Order
from tenants.rights.ledger_index import Index, short

NOW = datetime(2026, 1, 5, 8, tzinfo=UTC)
TENANT = uuid.UUID(int=7)
WRITER = """
import sys, uuid
from pathlib import Path
from tests.tenants.rights.test_ledger_file import FileLedger, an_order
ledger = FileLedger(Path(sys.argv[1]))
print("ready", flush=True)
sys.stdin.readline()
for number in range(int(sys.argv[3])):
    erasure = uuid.uuid5(uuid.UUID(sys.argv[2]), str(number))
    ledger.append([an_order(erasure, person=uuid.uuid5(erasure, "person"))])
"""


def an_order(erasure: uuid.UUID | None = None, *, ordered_at: datetime = NOW, person: uuid.UUID | None = None) -> Order:
    return Order(erasure or uuid.uuid4(), TENANT, person or uuid.uuid4(), "face", "withdrawn", ordered_at)


@pytest.fixture
def ledger(tmp_path: Path) -> FileLedger:
    return FileLedger(tmp_path / "ledger")


def lines(ledger: FileLedger) -> list[bytes]:
    return ledger.path.read_bytes().splitlines(keepends=True)


def numbers(ledger: FileLedger) -> list[int]:
    return [entry.number for entry in ledger.entries()]


def a_writer(ledger: FileLedger, seed: uuid.UUID, count: int) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", WRITER, str(ledger.path.parent), str(seed), str(count)]
    started = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert started.stdout is not None
    assert started.stdout.readline() == "ready\n"
    return started


def go(writer: "subprocess.Popen[str]") -> None:
    assert writer.stdin is not None
    writer.stdin.write("go\n")
    writer.stdin.flush()


def test_what_is_written_is_read_again_and_says_nothing_of_who_it_is(ledger: FileLedger) -> None:
    order = an_order()
    assert ledger.append([order]) == {order.erasure: 1}
    [entry] = FileLedger(ledger.path.parent).entries()
    assert entry.order == order
    assert ledger.erasures_of(order.person) == (short(order.erasure),)
    assert ledger.erasures_of(uuid.uuid4()) == ()
    assert ledger.path.stat().st_mode & 0o777 == 0o600


def test_an_erasure_has_one_number_however_often_it_is_written(ledger: FileLedger) -> None:
    orders = [an_order(), an_order()]
    first = ledger.append(orders)
    assert FileLedger(ledger.path.parent).append([*reversed(orders), orders[0]]) == first
    assert numbers(ledger) == [1, 2]


def test_an_empty_ledger_and_none_at_all_are_the_same(ledger: FileLedger) -> None:
    assert (ledger.last_number(), ledger.faults(), list(ledger.entries())) == (0, [], [])
    assert ledger.append([]) == {}
    assert (ledger.last_number(), ledger.faults(), list(ledger.entries())) == (0, [], [])


def test_numbers_begin_above_what_the_database_knows(ledger: FileLedger) -> None:
    """A ledger that was lost does not give a number twice."""
    order = an_order()
    assert ledger.append([order], above=41) == {order.erasure: 42}
    assert ledger.faults() == []


def test_a_clock_that_was_set_back_changes_no_order(ledger: FileLedger) -> None:
    late, early = an_order(), an_order(ordered_at=NOW - timedelta(days=400))
    ledger.append([late])
    ledger.append([early])
    assert [entry.order for entry in ledger.entries()] == [late, early]
    assert ledger.faults() == []


def test_one_reads_on_where_it_stopped_and_another_number_than_asked_for_is_left_out(ledger: FileLedger) -> None:
    ledger.append([an_order() for _one in range(2500)])
    assert numbers(ledger) == list(range(1, 2501))
    assert [entry.number for entry in ledger.entries(after=2498)] == [2499, 2500]
    assert [entry.number for entry in ledger.entries(after=1999)] == list(range(2000, 2501))
    assert list(ledger.entries(after=2500)) == []


def test_threads_and_readers_at_once_lose_nothing(ledger: FileLedger) -> None:
    orders = [an_order() for _one in range(200)]
    others = [FileLedger(ledger.path.parent), ledger, ledger, FileLedger(ledger.path.parent)]
    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(lambda place: others[place % 4].append([orders[place]]), range(200)))
    assert sorted(number for one in done for number in one.values()) == list(range(1, 201))
    assert all(ledger.erasures_of(order.person) == (short(order.erasure),) for order in orders)
    assert FileLedger(ledger.path.parent).faults() == []


def test_several_processes_that_write_the_same_orders_make_one_line_for_each(ledger: FileLedger) -> None:
    seed = uuid.uuid4()
    writers = [a_writer(ledger, seed, 40), a_writer(ledger, seed, 40), a_writer(ledger, uuid.uuid4(), 40)]
    for writer in writers:
        go(writer)
    for writer in writers:
        writer.communicate(timeout=60)
        assert writer.returncode == 0
    assert numbers(ledger) == list(range(1, 81))
    assert len({entry.order.erasure for entry in ledger.entries()}) == 80
    assert ledger.faults() == []


def test_a_writer_that_is_killed_leaves_a_ledger_that_others_go_on_with(ledger: FileLedger) -> None:
    for _one in range(3):
        writer = a_writer(ledger, uuid.uuid4(), 100_000)
        before = ledger.last_number()
        go(writer)
        while ledger.last_number() < before + 5:
            assert writer.poll() is None
        os.kill(writer.pid, signal.SIGKILL)
        writer.communicate()
        order = an_order()
        assert ledger.append([order])[order.erasure] == ledger.last_number()
    assert FileLedger(ledger.path.parent).faults() == []


@pytest.mark.parametrize("kept", [1, 40, -1])
def test_a_torn_last_line_is_mended_by_the_next_writer_and_its_order_written_again(
    ledger: FileLedger, kept: int
) -> None:
    first, torn, third = an_order(), an_order(), an_order()
    ledger.append([first])
    ledger.append([torn])
    whole = lines(ledger)
    ledger.path.write_bytes(whole[0] + whole[1][:kept])
    again = FileLedger(ledger.path.parent)
    assert again.faults() == []  # it may still be on its way
    assert again.append([third, torn]) == (
        {torn.erasure: 2, third.erasure: 3}
        if kept == -1
        else {
            third.erasure: 2,
            torn.erasure: 3,
        }
    )
    assert [entry.number for entry in again.entries()] == [1, 2, 3]
    assert FileLedger(ledger.path.parent).faults() == []


class TestAHand:
    @pytest.fixture
    def written(self, ledger: FileLedger) -> FileLedger:
        ledger.append([an_order() for _one in range(5)])
        assert ledger.faults() == []
        return ledger

    def rewrite(self, ledger: FileLedger, changed: list[bytes]) -> list[Fault]:
        """Change it in the file at hand, which is read already; another process finds the same."""
        ledger.path.write_bytes(b"".join(changed))
        found = ledger.faults()
        assert FileLedger(ledger.path.parent).faults() == found
        return found

    def test_that_changes_a_line_is_found(self, written: FileLedger) -> None:
        changed = lines(written)
        changed[2] = changed[2].replace(b'"face"', b'"hand"')
        assert self.rewrite(written, changed) == [Fault(3, "chain")]

    def test_that_changes_the_last_line_is_found(self, written: FileLedger) -> None:
        changed = lines(written)
        changed[4] = changed[4].replace(b'"face"', b'"hand"')
        assert self.rewrite(written, changed) == [Fault(5, "chain")]

    def test_that_takes_a_line_away_is_found(self, written: FileLedger) -> None:
        changed = lines(written)
        assert self.rewrite(written, changed[:2] + changed[3:]) == [Fault(3, "chain")]

    def test_that_changes_the_order_is_found(self, written: FileLedger) -> None:
        a, b, c, d, e = lines(written)
        assert Fault(3, "number") in self.rewrite(written, [a, c, b, d, e])

    def test_that_writes_a_line_twice_is_found(self, written: FileLedger) -> None:
        changed = lines(written)
        assert Fault(6, "number") in self.rewrite(written, [*changed, changed[4]])

    def test_that_makes_a_line_unreadable_is_found_and_the_others_are_still_read(self, written: FileLedger) -> None:
        changed = lines(written)
        changed[1] = b"\xff\x00 not a line\n"
        assert Fault(2, "unreadable") in self.rewrite(written, changed)
        assert numbers(written) == [1, 3, 4, 5]

    def test_of_whom_it_named_is_forgotten_by_no_process_that_knew(self, written: FileLedger) -> None:
        [entry, *_others] = written.entries()
        written.path.unlink()
        assert written.erasures_of(entry.order.person)


def test_every_single_changed_byte_is_found(ledger: FileLedger) -> None:
    ledger.append([an_order() for _one in range(2)])
    good = ledger.path.read_bytes()
    missed = []
    for place in range(len(good) - 1):
        bad = bytearray(good)
        bad[place] ^= 1
        ledger.path.write_bytes(bad)
        if not FileLedger(ledger.path.parent).faults():
            missed.append(place)
    assert missed == []


def test_a_ledger_that_cannot_be_read_says_so(ledger: FileLedger) -> None:
    ledger.path.mkdir(parents=True)
    with pytest.raises(OSError, match="erasures"):
        ledger.erasures_of(uuid.uuid4())


def test_the_index_finds_everybody_in_the_settled_and_in_the_fresh_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger_index, "FRESH", 10)
    index, wanted = Index(), {}
    people = [short(uuid.uuid4()) for _one in range(60)]
    for turn in range(3):
        for person in people[turn * 10 :]:
            erasure = short(uuid.uuid4())
            wanted.setdefault(person, []).append(erasure)
            index.add(person, erasure)
    assert {person: sorted(index.of(person)) for person in people} == {p: sorted(e) for p, e in wanted.items()}
    assert index.of(1) == ()


def test_a_line_holds_only_what_is_needed_to_order_it_again(ledger: FileLedger) -> None:
    ledger.append([an_order()])
    [line] = lines(ledger)
    fields = {"number", "erasure", "tenant", "person", "scope", "reason", "ordered_at", "hash"}
    assert set(ledger_file.json.loads(line)) == fields
