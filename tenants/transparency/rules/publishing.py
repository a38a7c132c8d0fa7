"""What stands between a draft and its publication, and who is asked again (PIPL 14)."""

import re
from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tenants.transparency.rules.notices import (
    FIELDS,
    LANGUAGES,
    LISTS,
    closed_up,
    endless_retention,
    item_of,
    lines,
    missing_items,
    uneven_lists,
)
from tenants.transparency.rules.plain_language import Finding, Severity, findings
from tenants.transparency.rules.starting_texts import NO_CHILDREN, other_storage_texts, storage_texts

STORAGE, CHILDREN = "storage", "children"
_DAYS = re.compile(r"(\d{1,4})\s*(?:天|日内|days?\b)")
# What a person agreed to: another purpose, method, kind, recipient, period or place needs another answer.
REASONS: dict[str, str | Promise] = {
    "purpose_method": gettext_lazy("The purpose or the method is another."),
    "collected": gettext_lazy("What is collected is another."),
    "recipients": gettext_lazy("It is given to others than before."),
    "retention": gettext_lazy("It is kept for another period."),
    STORAGE: gettext_lazy("It is stored in another place."),
    CHILDREN: gettext_lazy("Children's faces are used now."),
}


def must_ask_again(
    before: Mapping[str, str],
    after: Mapping[str, str],
    *,
    storage_before: str,
    storage_after: str,
    children_before: bool = False,
    children_after: bool = False,
) -> tuple[str, ...]:
    """Return why everybody must be asked again, as codes of `REASONS`; empty when every consent stays valid.

    That children's faces are used no longer takes nothing from what anybody agreed to.
    """
    changed = [
        item
        for item in REASONS
        if item not in {STORAGE, CHILDREN}
        and any(
            _meaning(item, before.get(f"{item}_{language}", "")) != _meaning(item, after.get(f"{item}_{language}", ""))
            for language in LANGUAGES
        )
    ]
    if storage_before != storage_after:
        changed.append(STORAGE)
    if children_after and not children_before:
        changed.append(CHILDREN)
    return tuple(changed)


def _meaning(item: str, text: str) -> str | list[str]:
    """A list in another order is the same list; spaces around a line, and how it ends, say nothing."""
    return sorted(lines(text)) if item in LISTS else "\n".join(line.strip() for line in text.strip().splitlines())


def all_findings(
    texts: Mapping[str, str],
    *,
    face_days: int | None = None,
    storage_mode: str | None = None,
    allows_under_14: bool = False,
) -> dict[str, tuple[Finding, ...]]:
    """Return by field what is wrong with a draft or could be plainer, blocking ones first.

    With `face_days` and `storage_mode`, the property's own settings, also whether the period told is the period
    kept, and whether a text is still the portal's own about the other place of storage (Art 5: truthful). With
    `allows_under_14` whether the text on children still says that their faces are not used (Art 7).
    """
    found: dict[str, list[Finding]] = {field: [] for field in FIELDS}
    for field in missing_items(texts):
        found[field].append(_block("missing", field, "", _("This item is required."), _("Write it in both languages.")))
    for field in (f"retention_{language}" for language in LANGUAGES):
        word = endless_retention(texts.get(field, ""))
        if word:
            sentence = _("“%(word)s” is not a period. Say until when, or how the end is decided.") % {"word": word}
            found[field].append(_block("endless", field, word, sentence, _("For example: at most 180 days.")))
        told = {int(number) for number in _DAYS.findall(texts.get(field, ""))}
        if face_days is not None and told and face_days not in told:
            found[field].append(
                Finding(
                    "other_days",
                    field,
                    "",
                    Severity.WARN,
                    _("The property is set to keep faces for %(days)s days; this text names another number.")
                    % {"days": face_days},
                    _("Correct the text, or the period under “Retention”."),
                )
            )
    now = storage_texts(storage_mode) if storage_mode else {}
    for field in other_storage_texts(texts, storage_mode=storage_mode) if storage_mode else ():
        sentence = _("This text describes the other place of storage, from before the property's setting changed.")
        suggestion = _("Write: %(text)s") % {"text": " · ".join(lines(now[field]))}
        found[field].append(_block("other_storage", field, "", sentence, suggestion))
    for field, text in NO_CHILDREN.items() if allows_under_14 else ():
        if closed_up(texts.get(field, "").strip()) == closed_up(text):
            sentence = _("The property uses children's faces; this text says that it does not.")
            suggestion = _("Write the rules for children, or switch their faces off in the settings.")
            found[field].append(_block("says_no_children", field, "", sentence, suggestion))
    uneven = set(uneven_lists(texts)) - {item_of(field) for field in FIELDS if found[field]}
    for item in uneven:
        counts = [len(lines(texts.get(f"{item}_{language}", ""))) for language in LANGUAGES]
        sentence = _("The Chinese list has %(zh)s entries, the English one %(en)s.") % dict(
            zip(LANGUAGES, counts, strict=True)
        )
        for language in LANGUAGES:
            field = f"{item}_{language}"
            found[field].append(
                _block("lists_differ", field, "", sentence, _("One entry per line, the same in both languages."))
            )
    for field in FIELDS:
        known = {finding.code for finding in found[field]}
        plain = findings(field, texts.get(field, ""))
        found[field] += [f for f in plain if f.code != "for_ever" or "endless" not in known]
    order = {Severity.BLOCK: 0, Severity.WARN: 1}
    return {field: tuple(sorted(rows, key=lambda row: order[row.severity])) for field, rows in found.items()}


def _block(code: str, field: str, excerpt: str, sentence: str, suggestion: str) -> Finding:
    return Finding(code, field, excerpt, Severity.BLOCK, sentence, suggestion)
