"""One thing has one name: the catalogues hold to docs/glossary.md, and Chinese texts are Chinese."""

import re
from typing import NamedTuple

import polib
import pytest

from tests.architecture.source import ROOT

# Texts that say a word in another sense, each with the reason.
OTHER_SENSE = {
    "Please compare every letter and digit. The code belongs to one property: was it made here?": "said plainly",
    "To the page of this property": "the link is on a page of its own",
    "One invented person and one key are enough to notice a thief who reads everything.": "to notice is to see",
    "Empty once the request is closed; negative when it is late.": "said of the field that is described",
    "Empty once the complaint is answered; negative when it is late.": "said of the field that is described",
    "16 letters and digits, as on the page after your request. Capital or small does not matter.": "after sending",
    "Why the request is refused": "a label beside the request",
    "A refusal closes the request. The person is told the reason and how to complain.": "a remark beside the request",
    "A request with a key that was replaced": "what a machine sends",
    "A request with a wrong clock": "what a machine sends",
    "%(count)s code is left. Each opens your account once when phone and key are lost.": "said of signing in",
    "For the day when phone and key are lost. Each opens your account once. Print them or write them down and keep "
    "them away from your computer: they are shown only now.": "said of signing in",
    "How you would notice that somebody is treated badly.": "to notice is to see",
}
# Latin words in Chinese texts that have no other name there.
LATIN = {
    "A4", "A5", "API", "ASCII", "CSV", "Consentry", "Debian", "DeepFace", "Ed25519", "Enter", "Excel", "GA", "GB",
    "GBK", "HTTP", "HTTPS", "JPEG", "JSON", "MB", "PDF", "PNG", "Pango", "PostgreSQL", "RFC", "SHA-256", "SHA256SUMS",
    "Schema", "Shift", "Standard", "UTF-8", "UUID", "WebP", "Webhook", "Webhooks", "X25519", "XLSX", "base64",
    "https", "null", "sha256sum", "xx", "zip",
    # What a program reads: a header, a setting, a command, part of an address.
    "Accept-Language", "CSRF", "CSRFToken", "MASTER_KEY_NEXT_FILE", "PUBLIC_URL", "verify_ledger", "west-lake",
}  # fmt: skip
HOLDER = re.compile(
    r"`[^`]+`|%\(\w+\)[sd]|%[sd]|<[^>]*>|\{\w*\}|https?://\S*|\S+@\S+|manage\.py \w+"
    r"|[\w./-]+\.(?:md|py|html|json|jpg)\b|“[ -~]+”|/\w+/[\w/]*"
)
# Word, Chinese, what it is, what not to say. A table of other columns is read by people alone.
COLUMNS = 4
WORD = re.compile(r"[A-Za-z][A-Za-z0-9]+(?:[_-][A-Za-z0-9]+)*")


class Name(NamedTuple):
    word: str
    chinese: tuple[str, ...]
    wrong: tuple[str, ...]

    def is_in(self, english: str) -> bool:
        ending = self.word[:-1] + "(?:y|ies)" if self.word.endswith("y") else self.word + "s?"
        return bool(re.search(rf"\b{ending}\b", english, re.IGNORECASE))


def names() -> list[Name]:
    lines = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")]
    return [
        Name(row[0], tuple(row[1].split("、")), tuple(row[3].split("、")))
        for row in rows
        if len(row) == COLUMNS and row[0] != "Word"
    ]


def texts() -> list[tuple[str, str]]:
    """Every English text with every form of its Chinese one."""
    entries = polib.pofile(str(ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"))
    return [
        (entry.msgid, chinese)
        for entry in entries
        if not entry.obsolete
        for chinese in (list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr])
    ]


def broken(name: Name, texts: list[tuple[str, str]]) -> list[str]:
    return [
        f"{english} | {chinese}"
        for english, chinese in texts
        if name.is_in(HOLDER.sub(" ", english))
        and english not in OTHER_SENSE
        and not any(word in chinese for word in name.chinese)
    ]


@pytest.mark.parametrize("name", names(), ids=lambda name: name.word)
def test_a_word_has_one_name_in_chinese(name: Name) -> None:
    assert broken(name, texts()) == []


def test_no_text_says_a_word_that_the_glossary_forbids() -> None:
    forbidden = {word: name.word for name in names() for word in name.wrong} | {"你": "you"}
    assert [
        f"{word}: {chinese}"
        for _english, chinese in texts()
        for word in forbidden
        if word in chinese.replace("你们", "")
    ] == []


def test_a_chinese_text_has_no_english_word_without_a_reason() -> None:
    said = {word for _english, chinese in texts() for word in WORD.findall(HOLDER.sub(" ", chinese))}
    assert sorted(said - LATIN) == []


def test_the_sweep_can_fail() -> None:
    notice = Name("notice", ("告知书",), ("公告",))
    assert broken(notice, [("Publish the notice", "发布公告")]) == ["Publish the notice | 发布公告"]
    assert not broken(notice, [("Publish the notice", "发布告知书"), ("At short noticeboards", "很快")])
    assert Name("property", ("项目",), ()).is_in("All properties")
    assert WORD.findall(HOLDER.sub(" ", "请打开 %(name)s 的 settings")) == ["settings"]
