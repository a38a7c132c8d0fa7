"""The scan of `make fuzz` sees what shows, and forgives what was asked."""

from tests.fuzz.canaries import FOREIGN, OWN, Scan

THEIRS, OURS, BOTH = (f"{digit * 8}-1111-4111-8111-111111111111" for digit in "abc")


def scan() -> Scan:
    return Scan(foreign={THEIRS, BOTH}, own={OURS, BOTH})


def test_an_id_or_a_word_of_the_other_property_is_seen() -> None:
    assert scan().leaks(asked="/people/", told=f'[{{"id": "{THEIRS.upper()}"}}]') == [THEIRS]
    assert scan().leaks(asked="/people/", told=f'{{"name": "{FOREIGN}9f"}}') == [FOREIGN]


def test_what_the_request_said_itself_and_what_both_share_is_none() -> None:
    assert scan().leaks(asked=f"/people/{THEIRS}/ {FOREIGN}", told=f"{THEIRS} {FOREIGN} {BOTH}") == []


def test_own_canaries_are_counted() -> None:
    looking = scan()
    for told in (OURS, f'"{OWN}"', "nothing", BOTH):
        looking.leaks(asked="", told=told)
    assert looking.own_seen == 2
