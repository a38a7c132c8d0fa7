"""The items, a period that ends, lists of equal length, and the fingerprint."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.transparency.rules.notices import (
    FIELDS,
    content_hash,
    endless_retention,
    missing_items,
    uneven_lists,
)

texts = st.fixed_dictionaries({field: st.text(max_size=10) for field in FIELDS})


def full(**changes: str) -> dict[str, str]:
    return dict.fromkeys(FIELDS, "text") | changes


def test_nine_items_in_two_languages_are_asked() -> None:
    assert len(FIELDS) == 18
    assert missing_items({}) == list(FIELDS)
    assert missing_items(full()) == []


@pytest.mark.parametrize("blank", ["", " ", "\n\t", "\u3000"])
@pytest.mark.parametrize("field", FIELDS)
def test_a_blank_item_is_missing(field: str, blank: str) -> None:
    assert missing_items(full(**{field: blank})) == [field]


@pytest.mark.parametrize("text", ["永久保存", "保存至另行通知", "kept FOREVER", "Until further notice.", "permanently"])
def test_for_ever_is_not_a_period(text: str) -> None:
    assert endless_retention(text)


@pytest.mark.parametrize(
    "text",
    [
        "一百八十天，之后删除",
        "180 days, then erased",
        "until the lease ends",
        "30 天后永久删除",
        "then permanently deleted",
    ],
)
def test_a_period_that_ends_is_a_period(text: str) -> None:
    assert endless_retention(text) is None


@given(one=texts, two=texts)
def test_the_fingerprint_is_of_the_exact_text(one: dict[str, str], two: dict[str, str]) -> None:
    same = content_hash(one, storage_mode="portal", allows_under_14=False) == content_hash(
        two, storage_mode="portal", allows_under_14=False
    )
    assert same == (one == two)
    assert content_hash(one, storage_mode="portal", allows_under_14=False) != content_hash(
        one, storage_mode="on_device", allows_under_14=False
    )


def test_lists_have_as_many_entries_in_both_languages() -> None:
    assert uneven_lists(full()) == []
    assert uneven_lists(full(collected_zh="照片\n\n 开门记录 ", collected_en="photo\ndoor records")) == []
    assert uneven_lists(full(collected_zh="照片\n开门记录", recipients_en="a\nb")) == ["collected", "recipients"]
