"""Every text in the source is in both catalogues, and every one of them speaks Chinese."""

import ast
import gettext
import re
import shutil
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.core.management import call_command

from portal.stack.preparation import compile_messages
from tests.architecture import source

pytestmark = pytest.mark.skipif(
    shutil.which("xgettext") is None, reason="The package gettext (xgettext, msguniq, msgmerge) is not installed."
)
LANGUAGES = ("zh_Hans", "en")
FOLDERS = (*source.HOUSES, "templates")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]")
GETTEXT = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext"}
HAN = re.compile(r"[\u4e00-\u9fff]")

# Texts that are the same in Chinese, each with its reason.
SAME_IN_CHINESE = {
    "Consentry": "our name",
    "English": "a language is named in itself",
    "PDF": "the kind of file has no other name",
}


def catalogue(folder: Path, language: str) -> polib.POFile:
    return polib.pofile(str(folder / language / "LC_MESSAGES" / "django.po"))


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `makemessages` finds in the source now, in a folder of its own."""
    place = tmp_path_factory.mktemp("messages")
    for folder in FOLDERS:
        # A copy: makemessages writes files beside the templates, which other tests would take for source.
        shutil.copytree(source.ROOT / folder, place / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for language in LANGUAGES:
        (place / "locale" / language / "LC_MESSAGES").mkdir(parents=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        patch.setattr(settings, "LOCALE_PATHS", [str(place / "locale")])
        call_command("makemessages", locale=[*LANGUAGES], no_obsolete=True, no_wrap=True, verbosity=0)
    return place / "locale"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_holds_exactly_the_texts_of_the_source(language: str, collected: Path) -> None:
    used = {entry.msgid for entry in catalogue(collected, language)}
    held = {entry.msgid for entry in catalogue(source.ROOT / "locale", language) if not entry.obsolete}
    assert len(used) > 200
    assert (sorted(used - held), sorted(held - used)) == ([], []), "Run `make messages`"


def forms(entry: polib.POEntry) -> list[str]:
    """What stands for a text: one form, or one for each number that the language tells apart."""
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def faults(catalogue: polib.POFile) -> list[str]:
    """Every text that has no translation, an unsure one, or one with other placeholders."""
    found = []
    for entry in catalogue:
        if entry.obsolete:
            continue
        if entry.fuzzy or not all(form.strip() for form in forms(entry)):
            found.append(f"not translated: {entry.msgid}")
        elif any(
            sorted(PLACEHOLDER.findall(entry.msgid)) != sorted(PLACEHOLDER.findall(form)) for form in forms(entry)
        ):
            found.append(f"other placeholders: {entry.msgid}")
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated(language: str) -> None:
    assert faults(catalogue(source.ROOT / "locale", language)) == []


@pytest.mark.parametrize(("language", "number_of_forms"), [("zh_Hans", 1), ("en", 2)])
def test_the_compiled_catalogue_knows_its_plurals(language: str, number_of_forms: int, tmp_path: Path) -> None:
    """Without its rule a Chinese page says two things in English: the header must name the language."""
    shutil.copytree(source.ROOT / "locale" / language, tmp_path / language, ignore=shutil.ignore_patterns("*.mo"))
    compile_messages(tmp_path)
    with (tmp_path / language / "LC_MESSAGES" / "django.mo").open("rb") as file:
        rule = gettext.GNUTranslations(file).info().get("plural-forms", "")
    assert rule.startswith(f"nplurals={number_of_forms};")


def test_every_text_is_in_chinese() -> None:
    entries = [entry for entry in catalogue(source.ROOT / "locale", "zh_Hans") if not entry.obsolete]
    words = [e for e in entries if re.search(r"[A-Za-z]{3}", PLACEHOLDER.sub("", e.msgid))]
    foreign = [e.msgid for e in words if not all(map(HAN.search, forms(e))) and e.msgid not in SAME_IN_CHINESE]
    assert foreign == []


def test_a_message_is_written_in_english() -> None:
    """The source's texts are English; a Chinese one would be shown to English readers as it is."""
    chinese = [entry.msgid for entry in catalogue(source.ROOT / "locale", "en") if HAN.search(entry.msgid)]
    assert chinese == []


def hidden(tree: ast.AST) -> list[str]:
    """Every text within an f-string, where `makemessages` does not find it."""
    strings = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
    calls = [node for string in strings for node in ast.walk(string) if isinstance(node, ast.Call)]
    return [ast.unparse(call) for call in calls if getattr(call.func, "id", "") in GETTEXT]


def test_no_text_hides_in_an_f_string() -> None:
    found = {source.name(file): hidden(source.parsed(file)) for file in source.files(*source.HOUSES)}
    assert {name: texts for name, texts in found.items() if texts} == {}


def test_the_sweep_can_fail() -> None:
    assert hidden(ast.parse("text = f'{door} ({_(\"private place\")})'")) == ["_('private place')"]
    planted = polib.POFile()
    planted.append(polib.POEntry(msgid="Open %(door)s", msgstr="打开%(window)s"))
    planted.append(polib.POEntry(msgid="Close", msgstr=""))
    planted.append(polib.POEntry(msgid="%(n)s door", msgid_plural="%(n)s doors", msgstr_plural={0: "%(n)s 个门"}))
    planted.append(polib.POEntry(msgid="%(n)s day", msgid_plural="%(n)s days", msgstr_plural={0: "天"}))
    wrong = ["other placeholders: Open %(door)s", "not translated: Close", "other placeholders: %(n)s day"]
    assert faults(planted) == wrong
