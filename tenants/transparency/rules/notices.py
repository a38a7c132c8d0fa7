"""Pure rules about notices (Measures Art 5; PIPL 14, 17)."""

import hashlib
import json
from collections.abc import Mapping

LANGUAGES = ("zh", "en")
# The five items that Art 5 requires, each in every language.
ITEMS = ("handler_contact", "purpose_method", "retention", "necessity_effect", "rights")
FIELDS = tuple(f"{item}_{language}" for item in ITEMS for language in LANGUAGES)
# What a person agreed to: another text here needs another answer (PIPL 14).
MATERIAL_ITEMS = ("purpose_method", "retention")

# "Permanent" is not a period (NDSMR 21(3)).
ENDLESS = ("永久", "长期保存", "无限期", "另行通知", "permanent", "indefinite", "forever", "until further notice")


def missing_items(texts: Mapping[str, str]) -> list[str]:
    """Return the fields that are empty, in order."""
    return [field for field in FIELDS if not texts.get(field, "").strip()]


def endless_retention(text: str) -> str | None:
    """Return the first expression that promises to keep a face for ever, or None."""
    lowered = text.lower()
    return next((word for word in ENDLESS if word in lowered), None)


def content_hash(texts: Mapping[str, str], *, storage_mode: str) -> str:
    """Return the SHA-256 (hex) of the exact text that a person is shown."""
    content = {field: texts.get(field, "") for field in FIELDS} | {"storage_mode": storage_mode}
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def is_material_change(
    before: Mapping[str, str], after: Mapping[str, str], *, storage_before: str, storage_after: str
) -> bool:
    """Say whether everybody must be asked again: purpose, method, period or place of storage changed."""
    return storage_before != storage_after or any(
        before[f"{item}_{language}"].strip() != after[f"{item}_{language}"].strip()
        for item in MATERIAL_ITEMS
        for language in LANGUAGES
    )
