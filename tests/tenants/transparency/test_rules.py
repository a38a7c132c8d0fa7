"""The five items, a period that ends, and when everybody is asked again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.transparency.rules.notices import (
    FIELDS,
    content_hash,
    endless_retention,
    is_material_change,
    missing_items,
)

texts = st.fixed_dictionaries({field: st.text(max_size=10) for field in FIELDS})


def full(**changes: str) -> dict[str, str]:
    return dict.fromkeys(FIELDS, "text") | changes


def test_five_items_in_two_languages_are_asked() -> None:
    assert len(FIELDS) == 10
    assert missing_items({}) == list(FIELDS)
    assert missing_items(full()) == []


@pytest.mark.parametrize("blank", ["", " ", "\n\t", "\u3000"])
@pytest.mark.parametrize("field", FIELDS)
def test_a_blank_item_is_missing(field: str, blank: str) -> None:
    assert missing_items(full(**{field: blank})) == [field]


@pytest.mark.parametrize("text", ["永久保存", "保存至另行通知", "kept FOREVER", "Until further notice.", "permanently"])
def test_for_ever_is_not_a_period(text: str) -> None:
    assert endless_retention(text)


@pytest.mark.parametrize("text", ["一百八十天，之后删除", "180 days, then erased", "until the lease ends"])
def test_a_period_that_ends_is_a_period(text: str) -> None:
    assert endless_retention(text) is None


@given(one=texts, two=texts)
def test_the_fingerprint_is_of_the_exact_text(one: dict[str, str], two: dict[str, str]) -> None:
    same = content_hash(one, storage_mode="portal") == content_hash(two, storage_mode="portal")
    assert same == (one == two)
    assert content_hash(one, storage_mode="portal") != content_hash(one, storage_mode="on_device")


@pytest.mark.parametrize("field", FIELDS)
def test_purpose_method_and_period_are_what_people_agreed_to(field: str) -> None:
    changed = is_material_change(full(), full(**{field: "another"}), storage_before="portal", storage_after="portal")
    assert changed == field.startswith(("purpose_method", "retention"))


def test_another_place_of_storage_asks_everybody_again() -> None:
    assert is_material_change(full(), full(), storage_before="on_device", storage_after="portal")
    assert not is_material_change(full(), full(), storage_before="portal", storage_after="portal")
