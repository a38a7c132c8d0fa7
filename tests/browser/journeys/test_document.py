"""What docs/journeys.md says of each journey is what its test holds it to."""

import pkgutil
import re
from importlib import import_module

from django.conf import settings

from tests.browser import journeys
from tests.browser.journeys.journey import Journey
from tests.browser.summary import table

ROW = re.compile(r"^\| (\d+) \| ([^|]+?) \| ([^|]+?) \| (\d+) \| (\d+) \|$", re.MULTILINE)


def stated() -> list[Journey]:
    names = [found.name for found in pkgutil.iter_modules(journeys.__path__) if found.name.startswith("test_")]
    modules = [import_module(f"{journeys.__name__}.{name}") for name in names]
    return sorted((module.JOURNEY for module in modules if hasattr(module, "JOURNEY")), key=lambda one: one.number)


def test_the_document_tells_the_screens_and_fields_of_all_twelve() -> None:
    told = ROW.findall((settings.BASE_DIR / "docs" / "journeys.md").read_text())
    found = [
        (str(one.number), one.name, who, str(screens), str(fields))
        for one in stated()
        for who, (screens, fields) in one.people.items()
    ]
    assert [one.number for one in stated()] == list(range(1, 13))
    assert told == found


def test_the_table_at_the_end_of_a_run_tells_the_seconds_of_each_language() -> None:
    row = {"number": 5, "name": "Decline", "people": {"resident": (4, 0), "desk": (3, 1)}, "seconds": 2.5}
    (line,) = table([row | {"language": "en"}])
    assert " ".join(line.split()) == "5 Decline en 2.5 s resident: 4 screens, 0 fields, desk: 3 screens, 1 fields"
