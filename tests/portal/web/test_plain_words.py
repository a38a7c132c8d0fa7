"""Words that everybody can read: what residents' pages and papers say, in both languages, is short and plain.

Looked at in the templates and forms themselves, so that no page has to be opened. Numbers and names count as one word.
"""

import re
from functools import cache

import pytest
from django.utils.translation import gettext, ngettext, override

from portal.stack.layout import ROOT

TEMPLATES = sorted((ROOT / "templates" / "public").rglob("*.html"))
FORMS = [ROOT / "portal/web/forms" / f"{name}.py" for name in ("public", "me", "tracking", "photos", "complaints")]
OTHERS = [ROOT / "templates/base/resident.html", ROOT / "templates/components/photo_input.html"]
MOST_WORDS, MOST_SIGNS, MOST_SIGNS_AT_ONCE = 20, 60, 40
TRANSLATE = re.compile(r"""\{%\s*translate\s+(?:"([^"]*)"|'([^']*)')""")
BLOCK = re.compile(r"\{%\s*blocktranslate[^%]*%\}(.*?)\{%\s*endblocktranslate\s*%\}", re.DOTALL)
IN_CODE = re.compile(r'\b_\(\s*"((?:[^"\\]|\\.)*)"\s*\)')
# A word of the law or of the machine, and the plain one that is there for it.
NOT_IN_ENGLISH = {
    "data subject": "you", "controller": "who is responsible", "processor": "who is responsible",
    "biometric": "your face", "embedding": "numbers", "authenticate": "prove that it is you", "pursuant": "under",
    "terminate": "end", "revoke": "take back", "withdraw": "take back", "credential": "card, PIN or pass",
    "retention": "how long", "processing": "use", "consent": "yes", "utilize": "use", "prior to": "before",
}  # fmt: skip
NOT_IN_CHINESE = {
    "处理者": "负责方", "信息主体": "您", "特征向量": "数字", "生物识别": "人脸", "注销": "停用", "鉴权": "验证",
    "上述": "", "兹": "", "予以": "", "依法享有": "可以", "存储期限": "存多久", "前述": "", "该等": "", "终止": "停止",
}  # fmt: skip
# Where the word is the right one, and why.
MEANT: dict[str, str] = {}


@cache
def texts() -> dict[str, tuple[str, str]]:
    """Every text in English, with its Chinese and the file that says it first."""
    found: dict[str, str] = {}
    for file in [*TEMPLATES, *OTHERS, *FORMS]:
        source = file.read_text(encoding="utf-8")
        for text in _texts_of(source) if file.suffix == ".html" else IN_CODE.findall(source):
            found.setdefault(text, file.name)
    with override("zh-hans"):
        return {text: (_chinese(text), name) for text, name in found.items()}


def _texts_of(source: str) -> list[str]:
    plain = [double or single for double, single in TRANSLATE.findall(source)]
    for inner in BLOCK.findall(source):
        forms = [_msgid(part) for part in re.split(r"\{%\s*plural\s*%\}", inner)]
        plain += forms
    return plain


def _msgid(part: str) -> str:
    return re.sub(r"\{\{\s*(\w+)\s*\}\}", r"%(\1)s", " ".join(part.split()))


def _chinese(text: str) -> str:
    one = text.replace("%(days)s days", "%(days)s day")
    return ngettext(one, text, 2) if one != text else gettext(text)


def long_sentences(text: str) -> list[str]:
    """Return the English sentences of more words than a reader keeps in mind."""
    return [part for part in re.split(r"(?<=[.?!:;])\s+", text) if len(part.split()) > MOST_WORDS]


def long_chinese(text: str) -> list[str]:
    """Return the Chinese sentences, and the parts between commas, that are too long."""
    if not re.search("[一-鿿]", text):
        return []  # not Chinese at all: tests/architecture/test_translations.py says so
    plain = re.sub(r"%\(\w+\)s", "＊＊", text)
    sentences = re.split(r"[。？！]", plain)
    parts = [part for sentence in sentences for part in re.split(r"[，；：、]", sentence)]
    return [s for s in sentences if len(s) > MOST_SIGNS] + [p for p in parts if len(p) > MOST_SIGNS_AT_ONCE]


def hard_words(text: str, words: dict[str, str]) -> list[str]:
    if text in MEANT:
        return []
    return [word for word in words if re.search(rf"\b{word}\b" if word.isascii() else word, text, re.IGNORECASE)]


def test_the_texts_are_found() -> None:
    assert len(texts()) > 400
    assert {"Stop using my face", "Hold still.", "Your message", "Say yes or no. Nobody asks why."} <= set(texts())


def test_english_sentences_are_short() -> None:
    assert {name: long for text, (_zh, name) in texts().items() if (long := long_sentences(text))} == {}


def test_chinese_sentences_are_short() -> None:
    assert {name: long for zh, name in texts().values() if (long := long_chinese(zh))} == {}


def test_no_text_uses_a_word_that_has_a_plain_one() -> None:
    found = {text: hard for text in texts() if (hard := hard_words(text, NOT_IN_ENGLISH))}
    assert found == {}
    chinese = {zh: hard for zh, _name in texts().values() if (hard := hard_words(zh, NOT_IN_CHINESE))}
    assert chinese == {}


def test_every_exception_is_still_said() -> None:
    said = set(texts()) | {zh for zh, _name in texts().values()}
    assert [text for text, why in MEANT.items() if text not in said or not why] == []


@pytest.mark.parametrize("text", ["word " * 21 + ".", "short. " + "long " * 30])
def test_the_sweep_can_fail(text: str) -> None:
    assert long_sentences(text)
    assert long_chinese("字" * 41) and long_chinese("字，" * 31) and not long_chinese("不用人脸，门也会开。")
    assert hard_words("The data subject may ask.", NOT_IN_ENGLISH) and hard_words("个人信息处理者", NOT_IN_CHINESE)
