"""Help stands beside each field of the staff's forms: a sentence, and the article where a law speaks of it."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator

import pytest
from django import forms
from django.forms import BaseForm
from django.utils.functional import Promise
from django.utils.translation import override

from portal.web import forms as rooms
from portal.web.forms.devices import SignForm
from portal.web.forms.duties import Duty, explains
from tenants.clearance.checks import article_name

# For people and for one's own account: plain words of their own, no articles.
NOT_STAFF = {"public", "tracking", "me", "registrations", "accounts", "notifications", "photos"}
# Fields that say themselves what belongs into them, or whose page explains them.
PLAIN: dict[str, set[str]] = {
    "alerts.HandleForm": {"is_false"},
    "assessments.RiskForm": {"done_on"},
    "bulk.BulkForm": {"channel", "day", "to"},
    "certificates.CertificateForm": {"file"},
    "children.ChildForm": {"relationship"},
    "complaints.ComplaintForm": {"name"},
    "devices.DeviceFactsForm": {"serial"},
    "doors.MethodStateForm": {"is_live"},
    "exports.ExportForm": {"columns", "format"},
    "move_outs.MoveOutForm": {"people"},
    "notices.SheetDoorForm": {"door"},
    "passes.CardForm": {"valid_from"},
    "passes.PassForm": {"valid_from"},
    "people.GuardianForm": {"note"},
    "people.PaperConsentForm": {"language"},
    "people.PersonForm": {"email", "kind", "room"},
    "requests.AssignForm": {"to"},
    "requests.EnterForm": {"contact", "language", "message", "name", "room"},
    "settings.SettingsForm": {"authority_address", "authority_phone", "authority_url", "name", "name_en"},
    "setup.DeviceStep": {"name"},
    "setup.PersonStep": {"room"},
    "sheets.SheetForm": {"file"},
}


def staff_forms() -> Iterator[type[BaseForm]]:
    for module in pkgutil.iter_modules(rooms.__path__):
        if module.name in NOT_STAFF:
            continue
        loaded = importlib.import_module(f"{rooms.__name__}.{module.name}")
        for _name, form in inspect.getmembers(loaded, inspect.isclass):
            if issubclass(form, BaseForm) and form.__module__ == loaded.__name__:
                yield form


def named(form: type[BaseForm]) -> str:
    return f"{form.__module__.rpartition('.')[2]}.{form.__name__}"


def without_help(form: type[BaseForm]) -> set[str]:
    fields = form.base_fields.items()
    return {name for name, field in fields if not field.help_text and not isinstance(field.widget, forms.HiddenInput)}


def test_every_field_of_the_staff_has_help_or_says_enough_itself() -> None:
    found = {named(form): without_help(form) for form in staff_forms()}
    assert {name: fields for name, fields in found.items() if fields} == PLAIN


def test_a_duty_has_a_sentence_and_an_article_that_is_written_out() -> None:
    seen = 0
    for form in staff_forms():
        for name, field in form.base_fields.items():
            duty = getattr(field, "duty", None)
            if duty is None:
                continue
            seen += 1
            assert isinstance(field.help_text, Promise), f"{form.__name__}.{name}"
            with override("zh-hans"):
                assert article_name(duty.article) != duty.article or duty.article.startswith("GA/T"), duty.article
    assert seen > 60


def test_the_page_shows_the_sentence_the_article_and_the_reason_behind() -> None:
    with override("en"):
        shown = str(SignForm()["picture"].as_field_group())
    assert "No people in the picture" in shown
    assert '<span class="article">Measures Art 13</span>' in shown
    assert "<summary>" in shown
    assert "The photo proves that it hung there on that day." in shown


def test_a_duty_without_a_sentence_or_a_field_is_refused() -> None:
    class Named(forms.Form):
        name = forms.CharField()

    with pytest.raises(ValueError, match="no sentence"):
        explains(name=Duty("Art 13"))(Named)
    with pytest.raises(KeyError):
        explains(gone=Duty("Art 13"))(Named)
