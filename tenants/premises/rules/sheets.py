"""A table of devices, row by row: which column is which fact, and what each cell says. Pure."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from tenants.premises.kinds import DeviceMode, DevicePurpose, Passersby

# Fact → its column's name, as it is exported; read in either language and by the fact's own name.
COLUMNS: dict[str, tuple[str, ...]] = {
    "name": ("设备名称", "Device"),
    "door": ("通行点", "Door", "门"),
    "mode": ("模式", "Mode"),
    "purpose": ("目的", "Purpose"),
    "vendor": ("厂商", "Vendor"),
    "model": ("型号", "Model"),
    "serial": ("序列号", "Serial number"),
    "algorithm": ("算法", "Algorithm"),
    "algorithm_version": ("算法版本", "Algorithm version"),
    "tested_on": ("检测日期", "Tested on"),
    "false_accept_percent": ("误识率（%）", "False accept rate (%)"),
    "false_reject_percent": ("拒识率（%）", "False reject rate (%)"),
    "attack_success_percent": ("攻击成功率（%）", "Attack success rate (%)"),
    "capture_area": ("采集区域", "Capture area"),
    "security_need": ("公共安全必要性", "Public security need"),
    "passersby": ("触发方式", "Capture starts by"),
}
# What an export says besides; an import passes over it.
ONLY_EXPORTED: dict[str, tuple[str, ...]] = {
    "zone": ("区域", "Zone"),
    "state": ("状态", "State"),
    "sign_photo_on": ("标识照片日期", "Photo of the sign"),
    "number": ("设备编号", "Device number"),
}
NEEDED = ("name", "door")
MAX_ROWS = 5_000

# A spreadsheet would run a cell that begins like this. East Asian ones take the wide signs, too.
_FORMULA = ("=", "+", "-", "@", "|", "%", "＝", "＋", "－", "＠")
_WORDS: dict[type[TextChoices], dict[str, str]] = {
    DeviceMode: {"1:1": "verify", "验证": "verify", "1:n": "identify", "辨识": "identify"},
    DevicePurpose: {"通行": "access", "入住": "check_in", "访客": "visitor"},
    Passersby: {"按键": "button", "走近": "approach", "持续": "presence"},
}


class Unreadable(ValueError):
    """A cell that says nothing; the sentence is for the person who wrote it."""


def columns_of(header: Sequence[str]) -> tuple[dict[str, int], list[str]]:
    """Return where each fact stands, and the names of columns that nobody knows or that come twice."""
    names = {_plain(text): fact for fact, texts in (COLUMNS | ONLY_EXPORTED).items() for text in (*texts, fact)}
    found: dict[str, int] = {}
    strange = []
    for place, text in enumerate(header):
        fact = names.get(_plain(text))
        if fact is None or fact in found:
            strange.append(text)
        else:
            found[fact] = place
    return {fact: place for fact, place in found.items() if fact in COLUMNS}, strange


def is_formula(cell: str) -> bool:
    """Say whether a spreadsheet would run this cell. A plain number is none, whatever its sign."""
    return cell.startswith(_FORMULA) and not re.fullmatch(r"[+-]?\d+(\.\d+)?", cell)


def read(fact: str, cell: str) -> Any:
    """Return the value of one cell, stripped. Raises Unreadable with a sentence."""
    text = cell.strip()
    if is_formula(text):
        raise Unreadable(_("A cell may not begin like a formula."))
    if any(unicodedata.category(sign) == "Cc" and sign not in "\n\r\t" for sign in text):
        raise Unreadable(_("The cell holds a sign that cannot be shown."))
    return _READERS.get(fact, str)(text)


def _choice(kinds: type[TextChoices], usual: str = "") -> Callable[[str], str]:
    @cache
    def words() -> dict[str, str]:
        """Every word for a value: its own, a short one, and its label in both languages, whoever reads."""
        known = _WORDS[kinds] | {kind.value: kind.value for kind in kinds}
        for language in ("zh-hans", "en"):
            with override(language):
                known |= {str(kind.label): kind.value for kind in kinds}
        return {_plain(word): value for word, value in known.items()}

    def of(text: str) -> str:
        value = words().get(_plain(text)) if text else usual
        if value is None:
            raise Unreadable(_("This is none of the choices."))
        return value

    return of


def _percent(text: str) -> Decimal | None:
    plain = text.removesuffix("%").removesuffix("％").strip()
    if not plain:
        return None
    if not re.fullmatch(r"\d{1,3}(\.\d{1,4})?", plain, re.ASCII):
        raise Unreadable(_("Write a number from 0 to 100 with at most four decimals."))
    return Decimal(plain)


def _day(text: str) -> date | None:
    if not text:
        return None
    parts = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", text, re.ASCII)
    try:
        return date(*(int(part) for part in parts.groups())) if parts else _no_day()
    except ValueError:
        return _no_day()


def _no_day() -> date:
    raise Unreadable(_("Write a day as 2026-09-30."))


def _plain(text: str) -> str:
    """Return a word without its case, spaces and width: “1：N” is “1:n”."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()


_READERS: Mapping[str, Callable[[str], Any]] = {
    "mode": _choice(DeviceMode, DeviceMode.VERIFY.value),
    "purpose": _choice(DevicePurpose, DevicePurpose.ACCESS.value),
    "passersby": _choice(Passersby),
    "tested_on": _day,
    "false_accept_percent": _percent,
    "false_reject_percent": _percent,
    "attack_success_percent": _percent,
}
