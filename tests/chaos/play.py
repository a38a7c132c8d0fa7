"""Faces come and go, packages are built and people are erased while parts die; afterwards everything is counted."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from tests.chaos import counts
from tests.chaos.asking import Asked, answer, ask
from tests.chaos.killing import ALL, FACES, PAPERS, Chaos, die_together
from tests.chaos.stage import Stage, wait_until
from tests.photos import photo
from tests.rehearsal import play

AT_ONCE = 3  # who presses a button at the same time


Wait = tuple[Callable[[], bool], str]  # what must come to hold, and its name


def all_at_once(
    stage: Stage,
    acts: Sequence[Callable[[], object]],
    *waits: Wait,
    deaths: int,
    seed: int,
    victims: Sequence[str],
) -> Chaos:
    """Let everybody act while things die, until everything has died often enough; then wait for what is to come.

    What ends by itself is started again until then: a worker may end some seconds after a death.
    """
    chaos = Chaos(stage.stack, stage.agent, deaths=deaths, seed=seed, victims=victims)
    with chaos, ThreadPoolExecutor(AT_ONCE) as pool:
        for outcome in [pool.submit(act) for act in acts]:
            outcome.result()
        wait_until(lambda: chaos.is_spent, "everything has died")
        for holds, what in waits:
            wait_until(holds, what)
    return chaos


def enrol_everybody(stage: Stage, *, deaths: int, seed: int) -> Chaos:
    """Everybody enrols; afterwards every accepted photo has one template or a reason, and no photo is left."""
    picture = photo(play.ENROLLED)
    acts = [partial(resident.enrol, picture) for resident in stage.residents]
    wait = (partial(all_settled, stage), "every attempt has ended")
    chaos = all_at_once(stage, acts, wait, deaths=deaths, seed=seed, victims=FACES)
    counts.one_template_each(stage)
    return chaos


def all_settled(stage: Stage) -> bool:
    waiting = stage.number("SELECT count(*) FROM enrollment_enrollment WHERE state IN ('queued', 'processing')")
    photos = stage.number("SELECT count(*) FROM enrollment_capture")
    copies = stage.number("SELECT count(*) FROM edge_devicecopy WHERE state = 'held'")
    return (waiting, photos) == (0, 0) and copies >= len(stage.residents)


def withdraw_and_ask(stage: Stage, *, packages: int, deaths: int, seed: int) -> tuple[Chaos, list[Asked]]:
    """Everybody withdraws while packages are built for some of them: those are read again when a face goes."""
    asked = [ask(stage, resident, "access") for resident in stage.residents[:packages]]
    acts: list[Callable[[], object]] = []
    for number, resident in enumerate(stage.residents):
        acts += [partial(answer, stage, one) for one in asked[number : number + 1]]
        acts.append(resident.withdraw)
    waiting = "SELECT count(*) FROM rights_package WHERE state IN ('waiting', 'building')"
    waits: list[Wait] = [
        # Nothing else takes so long. Each is counted below: one that was given up has not become ready.
        *[
            (lambda most=most: stage.number(waiting) <= most, f"at most {most} packages wait")
            for most in range(packages, -1, -5)
        ],
        (lambda: stage.number(waiting) == 0, "every package is built"),
        (partial(all_certified, stage), "every erasure is complete and certified"),
        (partial(no_message_waits, stage), "every message has left"),
    ]
    chaos = all_at_once(stage, acts, *waits, deaths=deaths, seed=seed, victims=ALL)
    hear_the_terminal(stage)
    counts.no_face_is_left(stage)
    counts.erased_once(stage, "face")
    counts.one_package_each(stage, asked)
    counts.letters_left_once(stage, asked)
    return chaos, asked


def erase_everybody(stage: Stage, packages: list[Asked], *, deaths: int, seed: int) -> tuple[Chaos, list[Asked]]:
    """Everybody asks to be erased; their packages go with them."""
    asked = [ask(stage, resident, "delete") for resident in stage.residents]
    acts = [partial(answer, stage, one) for one in asked]
    waits: list[Wait] = [
        (partial(all_certified, stage), "every erasure is complete and certified"),
        (partial(no_message_waits, stage), "every message has left"),
    ]
    chaos = all_at_once(stage, acts, *waits, deaths=deaths, seed=seed, victims=PAPERS)
    nothing_is_left(stage, packages, asked)
    return chaos, asked


def all_certified(stage: Stage) -> bool:
    unfinished = "completed_at IS NULL OR NOT is_certified OR ledger_number IS NULL"
    return stage.number(f"SELECT count(*) FROM rights_erasure WHERE {unfinished}") == 0  # noqa: S608 - our own words


def no_message_waits(stage: Stage) -> bool:
    return stage.number("SELECT count(*) FROM rights_requestmessage WHERE delivery = 'waiting'") == 0


def hear_the_terminal(stage: Stage) -> None:
    """A receipt whose answer was lost is sent again: let it."""
    wait_until(lambda: stage.agent.sync() == "", "the terminal has heard the portal again")


def nothing_is_left(stage: Stage, packages: list[Asked], deletions: list[Asked]) -> None:
    counts.no_face_is_left(stage)
    counts.no_person_is_left(stage)
    counts.no_package_is_left(stage, packages)
    for scope in ("face", "person"):
        counts.erased_once(stage, scope)
    for asked, template in ((packages, "answered"), (deletions, "answered"), (deletions, "certificate")):
        counts.told_once(stage, asked, template)


def nothing_comes_back(stage: Stage, packages: list[Asked], deletions: list[Asked]) -> None:
    """Everything dies at the same moment, and starts again; what is gone stays gone."""
    die_together(stage.stack, stage.agent)
    hear_the_terminal(stage)
    nothing_is_left(stage, packages, deletions)
    counts.ledger_is_whole(stage)
    counts.no_deadlock(stage)
