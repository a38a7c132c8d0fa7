"""What people said, to which notice, and whose word counts: for histories/law.py, from the rows."""

from datetime import date, datetime, timedelta

from tenants.people.models import Consent, Guardian, Person
from tenants.transparency.models import Notice
from tests.tenants.clearance.histories.rows import Rows

# What somebody agreed to: a yes to another text about one of these is no yes (PIPL 14).
ITEMS = ("purpose_method", "retention", "collected", "recipients")
AGREED_TO = [f"{item}_{language}" for item in ITEMS for language in ("zh", "en")] + ["storage_mode"]
BEIJING = timedelta(hours=8)


def faults_of_the_yes(rows: Rows, person: Person, purpose: str) -> list[str]:
    """What is wrong with the last answer to one purpose; `unanswered` when there is none."""
    last = last_word(rows, person, purpose)
    if last is None:
        return ["unanswered"]
    notice, over = notice_in_force(rows), person.face_ended_at
    agreed_to = next(notice for notice in rows.notices if notice.pk == last.notice_id)
    return those(
        declined=last.decision != "agree",
        withdrawn=last.withdrawn_at is not None,
        expired=last.ends_on is not None and last.ends_on < rows.today,
        of_an_earlier_life=over is not None and last.decided_at <= over,
        of_another_notice=notice is None or says_something_else(notice, agreed_to),
        not_asked_again=agreed_to.version < oldest_that_counts(rows),
        not_theirs_to_answer=(last.guardian_id is not None) != is_child(rows, person),
        guardian_ended=last.guardian_id is not None
        and last.guardian_id not in {row.pk for row in guardians_of(rows, person)},
    )


def says_something_else(notice: Notice, agreed_to: Notice) -> bool:
    """Whether it asks for more than the one that somebody agreed to, or for something else."""
    begins_with_children = notice.allows_under_14 and not agreed_to.allows_under_14
    return begins_with_children or any(getattr(agreed_to, item) != getattr(notice, item) for item in AGREED_TO)


def last_word(rows: Rows, person: Person, purpose: str) -> Consent | None:
    answers = [row for row in rows.consents if (row.person_id, row.purpose) == (person.pk, purpose)]
    return answers[-1] if answers else None


def said_no(rows: Rows, person: Person, purpose: str = "recognition") -> bool:
    """Whether the last word is a no that binds: the person's own at any age, a guardian's while there is a child."""
    last = last_word(rows, person, purpose)
    if last is None or (last.decision == "agree" and last.withdrawn_at is None):
        return False
    is_own = last.withdrawn_by.startswith("person") if last.withdrawn_at else last.given_by == "person"
    return is_own or is_child(rows, person)


def last_no_at(rows: Rows, person: Person) -> datetime:
    """When somebody who said no did so."""
    noes = [
        row for row in rows.consents if row.person_id == person.pk and (row.withdrawn_at or row.decision != "agree")
    ]
    return max(row.withdrawn_at or row.decided_at for row in noes)


def notice_in_force(rows: Rows) -> Notice | None:
    begun = [notice for notice in rows.notices if notice.effective_on <= rows.today]
    return max(begun, key=lambda notice: notice.version, default=None)


def oldest_that_counts(rows: Rows) -> int:
    """The last version that asked everybody again, once it was in force: an older yes does not count any more."""
    asking = [one for one in rows.notices if one.needs_new_consent and one.effective_on <= rows.today]
    return max((one.version for one in asking if not was_never_in_force(rows, one)), default=0)


def was_never_in_force(rows: Rows, notice: Notice) -> bool:
    """A later version had taken its place before its first day."""
    return any(
        later.version > notice.version
        and later.effective_on <= notice.effective_on
        and published_on(later) < notice.effective_on
        for later in rows.notices
    )


def published_on(notice: Notice) -> date:
    return (notice.published_at + BEIJING).date()


def is_child(rows: Rows, person: Person) -> bool:
    """Under 14; the 14th birthday is the last day of it (PIPL 31)."""
    return person.age_band == "under_14" and (person.age_band_until is None or rows.today <= person.age_band_until)


def guardians_of(rows: Rows, person: Person) -> list[Guardian]:
    """Those who answer for a child today, alive and on record."""
    found = [row for row in rows.guardians if row.child_id == person.pk]
    adults = {row.pk: rows.people[row.guardian_id] for row in found}
    return [row for row in found if adults[row.pk].died_on is None and adults[row.pk].erased_at is None]


def those(**facts: bool) -> list[str]:
    return [name.replace("_", " ") for name, is_so in facts.items() if is_so]
