"""What an invitation says, and what is shown of an address."""

import pytest

from tenants.people.kinds import InvitationReason
from tenants.people.rules.invitations import ATTEMPTS, PAUSES, invitation, sentence
from tenants.people.rules.masks import mask_email, mask_phone
from tenants.transparency.rules.plain_language import findings

ADDRESS = "https://portal.example/p/palm-bay/me/SECRET/"
MESSAGE = invitation(name_zh="棕榈湾小区", name_en="Palm Bay", handler="杭州安居物业", address=ADDRESS)
LONGEST_SMS = 70


def test_chinese_comes_first_then_the_link_then_english() -> None:
    chinese, link, english = MESSAGE.text.strip().split("\n")
    assert "棕榈湾小区" in chinese and link == ADDRESS and english.startswith("Palm Bay")
    assert len(chinese) <= LONGEST_SMS


@pytest.mark.parametrize("said", ["同意与否，门都照常为您开", "只属于您", "杭州安居物业", "Yes or no", "yours alone"])
def test_it_says_that_the_doors_stay_open_whose_it_is_and_who_asks(said: str) -> None:
    assert said in MESSAGE.text


@pytest.mark.parametrize("field", ["subject", "text"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_it_is_plain_and_presses_nobody(field: str, language: str) -> None:
    assert findings(f"message_{language}", getattr(MESSAGE, field).replace(ADDRESS, "")) == ()


def test_names_of_several_lines_make_one_line() -> None:
    message = invitation(name_zh="棕榈湾\n小区", name_en="", handler="物业", address=ADDRESS)
    assert "\n" not in message.subject and "棕榈湾 小区 asks" in message.text


def test_every_reason_has_its_sentence() -> None:
    assert all(str(sentence(reason)) for reason in InvitationReason)
    assert sentence("") == ""
    assert len(PAUSES) == ATTEMPTS


@pytest.mark.parametrize(
    ("phone", "shown"), [("138 0013 8000", "···8000"), ("+86-13800138000", "···8000"), ("8000", "···"), ("", "···")]
)
def test_a_phone_shows_four_figures(phone: str, shown: str) -> None:
    assert mask_phone(phone) == shown


@pytest.mark.parametrize(("email", "shown"), [("ada@example.com", "a···@e···"), ("", "···@···"), ("x", "x···@···")])
def test_an_email_shows_two_letters(email: str, shown: str) -> None:
    assert mask_email(email) == shown
