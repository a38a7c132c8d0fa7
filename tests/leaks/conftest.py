"""One running portal with a resident who has agreed, for the tests of what goes wrong with a photo."""

from collections.abc import Iterator

import psycopg
import pytest

from portal.stack.run import Stack
from tests.rehearsal import play

PASSWORD = "only-for-this-test-8e2f"


class Scene(play.Play):
    """The actors of the rehearsal, and the stack they play on."""

    stack: Stack

    def waiting_photos(self) -> int:
        """How many photos are in the database, counted by its owner, whom no policy hides a row from."""
        with psycopg.connect(self.stack.env("owner")["DATABASE_URL_OWNER"]) as connection:
            row = connection.execute("SELECT count(*) FROM enrollment_capture").fetchone()
            assert row is not None
            return int(row[0])

    def latest_enrollment(self) -> dict:
        return self.site("GET", "enrollments/")["results"][0]


@pytest.fixture(scope="module")
def scene() -> Iterator[Scene]:
    with Stack(outer={"DEMO_PASSWORD": PASSWORD, "SWEEP_SECONDS": "3"}) as stack:
        actors = Scene(url=stack.url, password=PASSWORD)
        actors.stack = stack
        try:
            for step in play.BEFORE_A_PHOTO:
                step(actors)
            yield actors
        finally:
            actors.close()
