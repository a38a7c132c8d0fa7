"""Help beside a field from the law: one plain sentence, the article it comes from, and where it helps a longer reason.

A form names its duties in one place, above its fields. The field's own help stays when it has one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar, cast

from django import forms
from django.utils.functional import Promise

FormClass = TypeVar("FormClass", bound=type[forms.Form])


@dataclass(frozen=True)
class Duty:
    """`article` is a code as the gate writes it ("Art 13", "PIPL 47"); `more` is shown when somebody asks why."""

    article: str
    text: str | Promise = ""
    more: str | Promise = ""


def explains(**duties: Duty) -> Callable[[FormClass], FormClass]:
    """Put the articles, and the sentences where a field has none, beside the fields of a form.

    Raises KeyError for a field that the form does not have, and ValueError for one without any sentence.
    """

    def explain(form: FormClass) -> FormClass:
        for name, duty in duties.items():
            field = form.base_fields[name]
            field.help_text = field.help_text or cast(str, duty.text)
            if not field.help_text:
                raise ValueError(f"{form.__name__}.{name} names an article and no sentence.")
            vars(field)["duty"] = duty  # read by templates/django/forms/field.html
        return form

    return explain
