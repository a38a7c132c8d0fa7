"""Dates, numbers, phones and articles are written one way: by the reader's language, never by a page of its own."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.template import Context, Template
from django.utils import translation

from portal.formats.phones import phone
from portal.stack.layout import ROOT
from portal.web.templatetags.words import article

TEMPLATES = ROOT / "templates"
# A date's form is a name from portal/formats, or one of these, which programs read.
FORMS = re.compile(r"\|(?:date|time):[\"']([^\"']*)[\"']")
NAMED = {"DATE_FORMAT", "DATETIME_FORMAT", "TIME_FORMAT", "SHORT_DATE_FORMAT", "SHORT_DATETIME_FORMAT"}
# To the second, the same everywhere, where lines of one log are told apart.
NAMED |= {"Y-m-d H:i:s"}
READ_BY_PROGRAMS = {"c", "Y-m-d"}
ATTRIBUTE = re.compile(r"(?:datetime|value|min|max|href)=[\"'][^\"']*$")
PHONE = re.compile(r"(?:\{\{ |=)[\w.]*\.(?:contact_)?phone(?P<filters>(?:\|[^\s}%]+)*)")


# What is counted, and may pass a thousand.
COUNTED = re.compile(
    r"\{\{ [a-z_]+(?:\.[a-z_]+)*\.(?:\w*count|total|people|faces|erased|held|remaining)(?!\w)(?P<filters>[^}]*)\}\}"
)
# A sentence with numbers of things: what it is given, and whether it says it.
SENTENCE = re.compile(r"\{% ?blocktranslate (?P<given>[^%]*)%\}(?P<says>.*?)\{% endblocktranslate %\}", re.DOTALL)
GIVEN = re.compile(r"\b(?P<name>\w+)=(?P<value>[\w.]+)(?=\s|$)")
NUMBERS = re.compile(
    r"(?:^|[._])(?:answers|broken|deleting|erased|faces|held|kept|open|overdue|records|remaining|waiting|\w*count)$"
)


def pages() -> Iterator[tuple[str, str]]:
    for file in sorted(TEMPLATES.rglob("*.html")):
        yield file.relative_to(TEMPLATES).as_posix(), file.read_text(encoding="utf-8")


def own_forms(text: str) -> list[str]:
    """Every date that a page writes in a form of its own for people to read."""
    found = []
    for match in FORMS.finditer(text):
        is_for_programs = match[1] in READ_BY_PROGRAMS and ATTRIBUTE.search(text[: match.start()][-120:])
        if match[1] not in NAMED and not is_for_programs and "{% if" not in text[: match.start()][-30:]:
            found.append(match[1])
    return found


def bare_phones(text: str) -> list[str]:
    return [m[0] for m in PHONE.finditer(text) if "|phone" not in m["filters"] and "|cut" not in m["filters"]]


def bare_numbers(text: str) -> list[str]:
    return [
        m[0] for m in COUNTED.finditer(text) if "|intcomma" not in m["filters"] and "|unlocalize" not in m["filters"]
    ]


def bare_in_sentences(text: str) -> list[str]:
    """Every number that a sentence says as it is. The one that chooses the plural is given a second time, grouped."""
    return [
        one["value"]
        for sentence in SENTENCE.finditer(text)
        for one in GIVEN.finditer(sentence["given"])
        if NUMBERS.search(one["value"]) and re.search(rf"\{{\{{ ?{one['name']} ?\}}\}}", sentence["says"])
    ]


def test_no_page_shows_a_large_number_in_one_piece() -> None:
    assert {name: found for name, text in pages() if (found := [*bare_numbers(text), *bare_in_sentences(text)])} == {}


def test_no_page_has_a_form_of_dates_of_its_own() -> None:
    assert {name: found for name, text in pages() if (found := own_forms(text))} == {}


def test_no_page_shows_a_phone_number_as_it_was_typed() -> None:
    assert {name: found for name, text in pages() if (found := bare_phones(text))} == {}


def test_the_sweeps_can_fail() -> None:
    assert own_forms("<td>{{ event.at|date:'j.n.Y' }}</td>") == ["j.n.Y"]
    assert own_forms("<td>{{ event.at|date:'Y-m-d' }}</td>") == ["Y-m-d"]
    assert own_forms("<input value=\"{{ day|date:'Y-m-d' }}\">") == []
    assert bare_phones("{{ person.identity.phone }}") and bare_phones(
        "{% blocktranslate with phone=tenant.handler.contact_phone %}"
    )
    assert bare_numbers("{{ tab.count }}") and not bare_numbers("{{ tab.count|intcomma }}{{ count }}")
    assert bare_phones("{{ person.identity.phone|default:'–' }}")
    assert bare_in_sentences("{% blocktranslate with open=counts.open %}{{ open }}{% endblocktranslate %}")
    assert bare_in_sentences("{% blocktranslate count n=row.count %}{{ n }}{% plural %}{{ n }}{% endblocktranslate %}")
    assert not bare_in_sentences(
        "{% blocktranslate with n=x.count|intcomma count m=x.count %}{{ n }}{% endblocktranslate %}"
    )
    assert not bare_phones("{{ person.identity.phone|phone|default:'–' }}")


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("13800138000", "138 0013 8000"),
        ("138-0013-8000", "138 0013 8000"),
        ("+8613800138000", "+86 138 0013 8000"),
        ("0574-8800 1234", "0574-8800 1234"),
        ("12377", "12377"),
        ("", ""),
        (None, ""),
    ],
)
def test_a_mobile_number_is_grouped_and_any_other_stays(typed: str | None, shown: str) -> None:
    assert phone(typed) == shown


@pytest.mark.parametrize(
    ("language", "law", "moment", "count"),
    [
        ("zh-hans", "《个人信息保护法》第 47 条", "2025年6月2日 07:30", "1,234,567"),
        ("en", "PIPL Art 47", "2 June 2025, 07:30", "1,234,567"),
    ],
)
def test_a_reader_sees_their_own_forms_in_the_time_of_the_doors(
    language: str, law: str, moment: str, count: str
) -> None:
    page = Template("{% load humanize %}{{ at|date:'DATETIME_FORMAT' }} {{ at }} {{ count|intcomma }}")
    with translation.override(language):
        shown = page.render(Context({"at": datetime(2025, 6, 1, 23, 30, tzinfo=UTC), "count": 1234567}))
        assert article("PIPL 47") == law
    assert " ".join(shown.split()) == f"{moment} {moment} {count}"
