"""What must hold when everything runs again: each thing done, none twice, nothing left."""

import base64
import json
from collections import Counter

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from tests.chaos.asking import Asked, download
from tests.chaos.stage import Stage

OF_A_FACE = {"templates", "captures", "gallery"}
OF_A_PERSON = {"identity", "links", "passes", "packages", "requests"}


def one_template_each(stage: Stage) -> None:
    """Every enrolment that was done made one template, here and on the terminal."""
    for person, done, templates in stage.rows(
        """SELECT person.id, (SELECT count(*) FROM enrollment_enrollment attempt
             WHERE attempt.person_id = person.id AND attempt.state = 'done'),
           (SELECT count(*) FROM vault_facetemplate template WHERE template.person_id = person.id)
           FROM people_person person WHERE person.face_state = 'enrolled'"""
    ):
        assert 1 <= done == templates, f"{person}: {done} enrolments made {templates} templates"
    assert stage.number("SELECT count(*) FROM people_person WHERE face_state = 'enrolled'") == len(stage.residents)
    assert sorted(stage.agent.status()["held"]) == sorted(resident.person for resident in stage.residents)
    stage.counts["templates"] = stage.number("SELECT count(*) FROM vault_facetemplate")


def no_face_is_left(stage: Stage) -> None:
    """No template, no living key, no photo, no copy on the terminal."""
    assert stage.number("SELECT count(*) FROM vault_facetemplate") == 0
    assert stage.number("SELECT count(*) FROM vault_personkey WHERE destroyed_at IS NULL") == 0
    assert stage.number("SELECT count(*) FROM enrollment_capture") == 0
    assert stage.number("SELECT count(*) FROM edge_devicecopy WHERE state <> 'gone'") == 0
    assert stage.number("SELECT count(*) FROM edge_deviceorder WHERE sealed IS NOT NULL") == 0
    status = stage.agent.status()
    assert (status["held"], status["to_enrol"], status["receipts"]) == ([], [], 0), status


def erased_once(stage: Stage, scope: str) -> None:
    """Each person has one order of this scope; each order one receipt of each store, and one genuine certificate."""
    orders = stage.rows("SELECT id::text, person_id::text FROM rights_erasure WHERE scope = %s", scope)
    assert sorted(person for _id, person in orders) == sorted(resident.person for resident in stage.residents)
    wanted = OF_A_FACE if scope == "face" else OF_A_FACE | OF_A_PERSON
    receipts: dict[str, list[str]] = {order: [] for order, _person in orders}
    erased: Counter[str] = Counter()
    for order, store, rows, remaining in stage.rows(
        """SELECT erasure_id::text, store, erased, remaining FROM rights_erasurereceipt
           WHERE erasure_id IN (SELECT id FROM rights_erasure WHERE scope = %s)""",
        scope,
    ):
        assert remaining == 0, (order, store, remaining)
        receipts[order].append(store)
        erased[store] += rows
    stores = sorted(next(iter(receipts.values())))
    assert set(stores) >= wanted, stores
    for order, given in receipts.items():
        assert sorted(given) == stores, (order, given)
    _certified(stage, scope, dict(orders), stores)
    # What two receipts had counted would be too many, and what none had too few.
    if scope == "face":
        assert erased["templates"] == stage.counts["templates"], erased
    else:
        assert (erased["templates"], erased["identity"]) == (0, len(stage.residents)), erased
        assert erased["packages"] <= stage.counts["packages"], erased  # the sweep takes some before the receipt


def _certified(stage: Stage, scope: str, persons: dict[str, str], stores: list[str]) -> None:
    """Verified as anybody can, with the public key alone."""
    lines = stage.stack.keys.evidence_public.read_text().split()
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(lines[-1]))
    rows = stage.rows(
        """SELECT erasure_id::text, number, body, signature FROM rights_certificate
           WHERE erasure_id IN (SELECT id FROM rights_erasure WHERE scope = %s)""",
        scope,
    )
    assert sorted(order for order, *_rest in rows) == sorted(persons)
    for order, number, body, signature in rows:
        key.verify(base64.b64decode(signature), body.encode())
        says = json.loads(body)
        assert (says["number"], says["erasure"], says["person"]) == (number, order, persons[order]), says
        assert sorted(store["store"] for store in says["stores"]) == stores, says


def ledger_is_whole(stage: Stage) -> None:
    """Every order stands in the ledger outside the database, once."""
    said = json.loads(stage.stack.manage("verify_ledger", "--json", role="web"))
    orders = stage.number("SELECT count(*) FROM rights_erasure")
    assert (said["faults"], said["lost"], said["database_is_behind"]) == ([], 0, False), said
    assert said["entries"] == orders == stage.number("SELECT count(DISTINCT ledger_number) FROM rights_erasure"), said


def one_package_each(stage: Stage, asked: list[Asked]) -> None:
    """Each request has one package; it opens with its code, is about its person alone, and is counted once."""
    rows = stage.rows("SELECT request_id::text, state, downloads, length(sealed) FROM rights_package")
    assert sorted(request for request, *_rest in rows) == sorted(one.id for one in asked)
    assert all(state == "ready" and downloads == 0 and length for _id, state, downloads, length in rows), rows
    digests = dict(stage.rows("SELECT request_id::text, sha256 FROM rights_package"))
    assert len(set(digests.values())) == len(asked), "Two people got the same package."
    for one in asked:
        download(stage, one)
    assert stage.rows("SELECT DISTINCT downloads FROM rights_package") == [(1,)]
    stage.counts["packages"] = len(asked)


def told_once(stage: Stage, asked: list[Asked], template: str) -> int:
    """Each request has one message of this kind. Return how many letters about them left a second time.

    A letter whose worker dies between sending and writing it down goes again, as its row says: no message is lost.
    """
    rows = stage.rows(
        """SELECT request_id::text, count(*), sum(attempts) FROM rights_requestmessage
           WHERE template = %s GROUP BY request_id""",
        template,
    )
    tries = {request: int(attempts) for request, count, attempts in rows if count == 1}
    assert len(rows) == len(tries), f"A message “{template}” was written twice: {rows}"
    assert set(tries) >= {one.id for one in asked}, f"A message “{template}” is missing."
    return sum(max(0, number - 1) for number in tries.values())


def letters_left_once(stage: Stage, asked: list[Asked]) -> None:
    """What left for a phone is what its messages say: none was lost, none went without being counted."""
    left: Counter[str] = Counter()
    for path in stage.stack.layout.outbox.glob("*.txt"):
        left[path.read_text(encoding="utf-8").splitlines()[0].removeprefix("To: ")] += 1
    for one in asked:
        attempts = stage.rows("SELECT sum(attempts) FROM rights_requestmessage WHERE request_id = %s", one.id)[0][0]
        assert 1 <= left[one.resident.phone] <= attempts, (one.resident.phone, left, attempts)


def no_package_is_left(stage: Stage, asked: list[Asked]) -> None:
    """Packages went with their persons: nothing sealed, and nothing to download; that it was asked still shows."""
    assert stage.number("SELECT count(*) FROM rights_package WHERE state <> 'erased' OR sealed <> ''") == 0
    assert stage.number("SELECT count(*) FROM rights_package") == len(asked)
    for one in asked:
        one.resident.ask("GET", f"{one.path}package/", 400)
    state = asked[0].resident.ask("GET", asked[0].path, 200).json()["state"]
    assert state == "answered", state


def no_person_is_left(stage: Stage) -> None:
    """Neither name nor link nor a word that was written in a request."""
    for table in ("people_personidentity", "people_personallink", "people_pass"):
        assert stage.number(f"SELECT count(*) FROM {table}") == 0, table  # noqa: S608 - our own words
    assert stage.number("SELECT count(*) FROM people_person WHERE erased_at IS NULL OR face_state <> 'erased'") == 0
    assert stage.number("SELECT count(*) FROM rights_rightsrequest WHERE name || contact || room || message <> ''") == 0
    assert stage.number("SELECT count(*) FROM rights_requestmessage WHERE delivery = 'waiting'") == 0
    texts = stage.rows("SELECT DISTINCT template FROM rights_requestmessage WHERE text <> ''")
    assert texts == [("certificate",)], texts


def no_deadlock(stage: Stage) -> None:
    """Nothing got through only because the database broke a ring of waiters."""
    for path in stage.stack.layout.log.glob("*.log*"):
        log = path.read_text(errors="replace")
        assert "DeadlockDetected" not in log, f"{path.name}: {log[: log.index('DeadlockDetected')][-3000:]}"
