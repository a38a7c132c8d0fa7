"""Which words block a notice, which are only pointed out, and which harmless neighbours of theirs pass."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.web.demo.texts import COMPOUND, HOTEL
from tenants.transparency.rules.jargon import JARGON
from tenants.transparency.rules.notices import FIELDS, endless_retention
from tenants.transparency.rules.phrases import FORBIDDEN
from tenants.transparency.rules.plain_language import Severity, findings

BLOCKED = [
    ("must_use_face", "进出小区必须刷脸"),
    ("must_use_face", "住户一律使用人脸识别通行。"),
    ("must_use_face", "本楼只能刷脸进出"),
    ("must_use_face", "You must use your face to come in."),
    ("must_use_face", "Facial recognition is mandatory."),
    ("must_use_face", "必须使用人脸"),
    ("must_use_face", "必须用人脸"),
    ("must_use_face", "住户必须录入面部信息"),
    ("must_use_face", "必须 刷脸"),
    ("must_use_face", "必 须\u200b刷　脸"),
    ("must_use_face", "刷脸才能进门"),
    ("must_use_face", "刷脸方可进入"),
    ("must_use_face", "只有录入人脸才能进小区"),
    ("must_use_face", "所有住户须刷脸进出"),
    ("must_use_face", "没有人必须刷脸，但进小区必须刷脸"),
    ("must_use_face", "人脸验证通过后才能进"),
    ("must_use_face", "You need to scan your face to enter"),
    ("must_use_face", "Access is only possible with face recognition"),
    ("must_use_face", "Enrolment of faces is mandatory"),
    ("must_use_face", "You can only enter with your face"),
    ("must_use_face", "You don't have to come, but you have to use your face"),
    ("no_way_without_face", "不刷脸无法进入"),
    ("no_way_without_face", "不进行人脸识别的住户，不得进入车库"),
    ("no_way_without_face", "不录入人脸就不能开门"),
    ("no_way_without_face", "Without your face you cannot enter."),
    ("threat", "不同意将影响您进出"),
    ("threat", "不同意的住户将失去门禁"),
    ("threat", "不同意就用不了门禁卡"),
    ("threat", "不同意者不得入内"),
    ("threat", "If you do not agree, you cannot enter the building."),
    ("better_service", "为了更好的服务，我们使用人脸"),
    ("better_service", "为您提供更好的服务"),
    ("better_service", "To serve you better"),
    ("better_service", "用于提升服务质量"),
    ("better_service", "We use it for better service."),
    ("better_service", "It helps to improve our services."),
    ("authority_without_law", "根据政府要求，采集人脸"),
    ("authority_without_law", "按照公安局要求"),
    ("authority_without_law", "根据公安机关的要求"),
    ("authority_without_law", "根据社区通知，须录入"),
    ("authority_without_law", "公安部门规定须录入"),
    ("authority_without_law", "This is required by the police."),
    ("for_ever", "授权永久有效"),
    ("for_ever", "不会删除，永久有效"),
    ("for_ever", "You grant a perpetual licence."),
    ("irrevocable", "该授权不可撤销"),
    ("irrevocable", "The consent is irrevocable."),
    ("passed_on_freely", "可任意转授权"),
    ("passed_on_freely", "The right is sublicensable."),
    ("bundled", "继续使用即表示同意"),
    ("bundled", "未回复视为同意"),
    ("bundled", "默认同意录入人脸"),
    ("bundled", "By entering the compound you consent to it."),
    ("bundled", "Residents are deemed to have agreed."),
    ("reward", "录入人脸送 100 积分"),
    ("reward", "刷脸不用办卡，还享受物业费优惠"),
    ("reward", "优惠只给人脸识别的住户"),
    ("reward", "Get a discount when you enrol your face."),
]

HARMLESS = [
    "您不是必须刷脸",
    "人脸信息必须当天删除",
    "You do not have to use your face.",
    "You don't have to use your face.",
    "You don’t need to scan your face.",
    "Nobody must use their face.",
    "Nobody has to use their face.",
    "No resident is required to use face recognition.",
    "没有人必须刷脸",
    "我们不会强制您刷脸",
    "并非刷脸才能进门",
    "无需刷脸，不需要录入人脸",
    "如需刷脸，请自己到设备前录入",
    "The door opens not only with your face but also with a card",
    "The photo is only compared with the face that you enrolled.",
    "物业不得要求您必须刷脸",
    "设备只能采集人脸特征，不能录像",
    "It compares the photo only with your face template.",
    "不同意就用门禁卡",
    "不同意的住户,将继续使用门禁卡",
    "不同意的人不能使用人脸开门",
    "请看社区通知栏",
    "不刷脸也可以用门禁卡，同样的门、同样的时间",
    "不同意将不会受到任何影响",
    "不同意将照常通行",
    "If you do not agree, the door still opens with your card.",
    "服务台每天 8 点到 20 点有人",
    "根据《个人信息保护法》第五十五条，有关部门要求先做影响评估",
    "Required by the police under Art 12 of the Video Regulation.",
    "到期永久删除",
    "At the end it is permanently deleted.",
    "我们不会永久保存",
    "没有回答不视为同意",
    "Silence is not deemed to be consent",
    "不因刷脸给予积分或优惠",
    "No discount depends on your face.",
    "人脸最多保存 180 天",
]


KEPT_FOR_EVER = [
    "永久保存",
    "长期保存",
    "长 期 保存",
    "kept indefinitely",
    "We keep it for ever.",
    "It is not deleted but kept for ever.",
    "不会删除，长期保存",
]
NOT_FOR_EVER = [
    "不会长期保存",
    "不会无限期保存",
    "我们不会永久保存",
    "It is not kept indefinitely.",
    "We never keep it for ever.",
    "Your face won't be kept permanently.",
]


def codes(text: str, severity: Severity = Severity.BLOCK) -> list[str]:
    field = "rights_en" if text.isascii() else "rights_zh"
    return [finding.code for finding in findings(field, text) if finding.severity == severity]


@pytest.mark.parametrize(("code", "text"), BLOCKED)
def test_words_that_mislead_or_coerce_block(code: str, text: str) -> None:
    assert code in codes(text)


@pytest.mark.parametrize("text", HARMLESS)
def test_harmless_neighbours_pass(text: str) -> None:
    assert codes(text) == []


@pytest.mark.parametrize("text", KEPT_FOR_EVER)
def test_a_promise_to_keep_it_for_ever_is_found(text: str) -> None:
    assert endless_retention(text)


@pytest.mark.parametrize("text", NOT_FOR_EVER)
def test_a_promise_not_to_keep_it_for_ever_passes(text: str) -> None:
    assert endless_retention(text) is None
    assert codes(text) == []


def test_every_forbidden_phrase_has_a_row_here() -> None:
    assert {phrase.code for phrase in FORBIDDEN} == {code for code, _text in BLOCKED}


def test_a_finding_shows_the_place_and_what_to_write_instead() -> None:
    (finding,) = findings("purpose_method_zh", "设备只拍一张。进出小区必须刷脸！谢谢")
    assert (finding.field, finding.excerpt) == ("purpose_method_zh", "必须刷脸")
    assert finding.sentence
    assert finding.suggestion


@pytest.mark.parametrize(
    ("field", "text", "is_long"),
    [
        ("rights_zh", "一" * 60 + "。", False),
        ("rights_zh", "一" * 61 + "。", True),
        ("rights_zh", "一" * 40 + "。" + "一" * 40, False),
        ("rights_zh", "一" * 40 + "\n" + "一" * 40, False),
        ("rights_en", "word " * 30, False),
        ("rights_en", "word " * 31, True),
        ("rights_en", "word " * 20 + "end. " + "word " * 20, False),
        ("rights_en", "It is 1:1 or 2.5 m " * 4, False),
    ],
)
def test_a_long_sentence_is_pointed_out_and_does_not_block(field: str, text: str, is_long: bool) -> None:
    assert [(f.code, f.severity) for f in findings(field, text)] == [("long_sentence", Severity.WARN)] * is_long


def test_jargon_is_pointed_out_once_with_the_plain_word() -> None:
    (finding,) = findings("rights_en", "The data subject may ask. A DATA SUBJECT may complain.")
    assert (finding.code, finding.severity, finding.excerpt) == ("jargon", Severity.WARN, "data subject")
    assert JARGON["en"]["data subject"] in finding.suggestion
    assert findings("rights_en", "The data subjectivity of marshalls") == ()


@pytest.mark.parametrize("texts", [COMPOUND, HOTEL])
def test_the_demonstrations_own_notices_are_plain(texts: dict[str, str]) -> None:
    assert [finding for field, text in texts.items() for finding in findings(field, text)] == []


@given(field=st.sampled_from(FIELDS), text=st.text(max_size=200))
def test_any_text_gets_an_answer(field: str, text: str) -> None:
    assert all(finding.field == field for finding in findings(field, text))


def test_the_longest_text_is_read_at_once() -> None:
    """No pattern runs away: each line would take minutes if one did."""
    for text in ("不" * 5000, "刷脸" * 2500, "face " * 1000, "必须" * 2500, "if you refuse " * 360, "by using " * 550):
        assert isinstance(findings("rights_en", text), tuple)
