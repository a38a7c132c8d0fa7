"""What blocks publication, who is asked again, and what a difference shows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.organizations.kinds import PropertyKind, StorageMode
from tenants.transparency.rules.differences import Mark, difference, differences
from tenants.transparency.rules.notices import FIELDS, ITEMS, item_of
from tenants.transparency.rules.plain_language import Severity
from tenants.transparency.rules.publishing import REASONS, all_findings, must_ask_again
from tenants.transparency.rules.starting_texts import PropertyFacts, starting_texts

MATERIAL = {"purpose_method", "collected", "recipients", "retention"}


def full(**changes: str) -> dict[str, str]:
    return dict.fromkeys(FIELDS, "text") | changes


def again(before: dict[str, str], after: dict[str, str], storage: str = "portal") -> tuple[str, ...]:
    return must_ask_again(before, after, storage_before="portal", storage_after=storage)


@pytest.mark.parametrize("field", FIELDS)
def test_purpose_method_kinds_recipients_and_period_are_what_people_agreed_to(field: str) -> None:
    expected = (item_of(field),) if item_of(field) in MATERIAL else ()
    assert again(full(), full(**{field: "another"})) == expected
    assert again(full(), full(**{field: " text\n"})) == ()
    assert again(full(**{field: "a\r\nb"}), full(**{field: "a\nb"})) == ()


def test_another_place_of_storage_asks_everybody_again() -> None:
    assert again(full(), full(), storage="on_device") == ("storage",)
    assert again(full(), full(retention_en="x", collected_zh="y"), storage="on_device") == (
        "collected",
        "retention",
        "storage",
    )


def test_a_list_in_another_order_is_the_same_list() -> None:
    assert again(full(collected_zh="照片\n记录"), full(collected_zh="记录\n照片")) == ()
    assert again(full(collected_zh="照片\n记录"), full(collected_zh="记录\n照片\n体温")) == ("collected",)


def test_every_reason_has_a_sentence() -> None:
    assert set(REASONS) == MATERIAL | {"storage", "children"}
    assert all(str(sentence) for sentence in REASONS.values())


def blocking(texts: dict[str, str]) -> dict[str, list[str]]:
    found = {
        field: [f.code for f in findings if f.severity == Severity.BLOCK]
        for field, findings in all_findings(texts).items()
    }
    return {field: codes for field, codes in found.items() if codes}


def test_a_complete_notice_is_not_blocked() -> None:
    assert blocking(full()) == {}


def test_what_blocks_stands_beside_its_field_and_is_said_once() -> None:
    assert blocking(full(minors_en=" ")) == {"minors_en": ["missing"]}
    assert blocking(full(retention_zh="永久保存")) == {"retention_zh": ["endless"]}
    assert blocking(full(rights_zh="永久有效")) == {"rights_zh": ["for_ever"]}
    assert blocking(full(collected_zh="照片\n记录")) == {
        "collected_zh": ["lists_differ"],
        "collected_en": ["lists_differ"],
    }
    assert blocking(full(collected_zh="照片\n记录", collected_en="")) == {"collected_en": ["missing"]}


def test_blocking_findings_come_before_hints() -> None:
    found = all_findings(full(rights_zh="上述住户必须刷脸"))["rights_zh"]
    assert [finding.severity for finding in found] == [Severity.BLOCK, Severity.WARN]


@pytest.mark.parametrize(
    ("text", "is_doubtful"),
    [
        ("最多保存 90 天，开门记录 180 天", True),
        ("最多保存 60 天", False),
        ("At most 60 days.", False),
        ("At most 61 days.", True),
        ("一百八十天", False),
        ("until the lease ends", False),
    ],
)
def test_a_period_that_is_not_the_one_set_is_pointed_out(text: str, is_doubtful: bool) -> None:
    found = all_findings(full(retention_zh=text), face_days=60)["retention_zh"]
    assert [(f.code, f.severity) for f in found] == [("other_days", Severity.WARN)] * is_doubtful
    assert all_findings(full(retention_zh=text))["retention_zh"] == ()


def test_a_difference_marks_sentences() -> None:
    pieces = difference("保存 180 天。到期删除。您可以查回执。", "保存 90 天。到期删除。您可以查回执。没有照片。")
    assert [(piece.mark, piece.text) for piece in pieces] == [
        (Mark.REMOVED, "保存 180 天。"),
        (Mark.ADDED, "保存 90 天。"),
        (Mark.KEPT, "到期删除。您可以查回执。"),
        (Mark.ADDED, "没有照片。"),
    ]


def test_a_difference_reads_english_and_lists() -> None:
    pieces = difference("Compared 1:1. Kept 2.5 days.", "Compared 1:1. Kept 3 days.")
    assert [piece.mark for piece in pieces] == [Mark.KEPT, Mark.REMOVED, Mark.ADDED]
    assert [piece.mark for piece in difference("a photo\na name", "a photo\na phone\na name")] == [
        Mark.KEPT,
        Mark.ADDED,
        Mark.KEPT,
    ]


@given(before=st.text(alphabet="天。a. \n！", max_size=40), after=st.text(alphabet="天。a. \n！", max_size=40))
def test_both_texts_can_be_read_out_of_their_difference(before: str, after: str) -> None:
    pieces = difference(before, after)
    assert "".join(piece.text for piece in pieces if piece.mark != Mark.REMOVED) == after
    old = "".join(piece.text for piece in pieces if piece.mark != Mark.ADDED)
    assert "".join(old.split()) == "".join(before.split())


def test_an_entry_added_at_the_end_of_a_list_leaves_the_others_alone() -> None:
    pieces = difference("a photo\na name", "a photo\na name\na phone")
    assert [(piece.mark, piece.text.strip()) for piece in pieces] == [
        (Mark.KEPT, "a photo\na name"),
        (Mark.ADDED, "a phone"),
    ]


def test_every_item_is_compared_in_both_languages() -> None:
    rows = differences(full(), full(rights_en="other"))
    assert [(row.item, row.language) for row in rows] == [(item, code) for item in ITEMS for code in ("zh", "en")]
    assert [(row.item, row.language) for row in rows if row.is_changed] == [("rights", "en")]


@pytest.mark.parametrize("kind", list(PropertyKind))
@pytest.mark.parametrize("storage", list(StorageMode))
def test_what_a_draft_starts_with_needs_only_the_managers_own_two_items(kind: str, storage: str) -> None:
    facts = PropertyFacts("安居物业", "王经理", "0571-1", kind, storage, 180, 90, allows_under_14=False)
    texts = starting_texts(facts)
    assert set(blocking(texts)) == {
        "purpose_method_zh",
        "purpose_method_en",
        "necessity_effect_zh",
        "necessity_effect_en",
    }
    hints = [f for found in all_findings(texts).values() for f in found if f.severity == Severity.WARN]
    assert hints == []
    assert "180" in texts["retention_en"]
    assert "12377" in texts["complaint_zh"]


def test_where_childrens_faces_are_used_their_rules_are_not_written_for_the_handler() -> None:
    facts = PropertyFacts("安居物业", "王经理", "0571-1", "compound", "on_device", 180, 90, allows_under_14=True)
    assert starting_texts(facts)["minors_zh"] == ""
