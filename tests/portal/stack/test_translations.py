"""Translations are compiled when their source is newer, and only then."""

import os
from pathlib import Path

from portal.stack.preparation import compile_messages


def test_a_changed_translation_is_compiled_once(tmp_path: Path) -> None:
    folder = tmp_path / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "a"\nmsgstr "b"\n'
    )
    assert compile_messages(tmp_path) == 1
    assert compile_messages(tmp_path) == 0
    compiled = (folder / "django.mo").stat().st_mtime
    os.utime(folder / "django.po", (compiled + 5, compiled + 5))
    assert compile_messages(tmp_path) == 1
