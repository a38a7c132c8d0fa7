"""Each field that the log of changes may hold has a name in words, and its values words, or they stand as codes."""

from typing import Any

import pytest
from auditlog.registry import auditlog
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import override

from portal.log_words.fields import CODES, FIELDS, LISTED, MODELS, SUBJECTS, WORDED, path, value_said
from portal.log_words.said import Said
from portal.security.models import Alert, ApiToken, WebhookEndpoint
from recognition.enrollment.models import Enrollment
from tenants.organizations.models import Handler, Membership
from tenants.rights.models import ErasureReceipt
from tests.architecture.test_models import OURS

# What people wrote is shown as they wrote it: names, numbers, addresses, sentences.
TYPED = {
    "operations.Announcement.text_en", "operations.Announcement.text_zh",
    "organizations.Handler.address", "organizations.Handler.contact_email", "organizations.Handler.contact_phone",
    "organizations.Handler.credit_code", "organizations.Handler.name",
    "organizations.Property.address", "organizations.Property.authority_address",
    "organizations.Property.authority_name", "organizations.Property.authority_phone",
    "organizations.Property.authority_url", "organizations.Property.faces_stopped_for", "organizations.Property.name",
    "organizations.Property.name_en",
    "premises.AccessPoint.name", "premises.Device.algorithm", "premises.Device.algorithm_version",
    "premises.Device.model", "premises.Device.name", "premises.Device.serial", "premises.Device.vendor",
    "premises.Zone.name",
    "rights.Certificate.number", "rights.Complaint.number", "rights.RightsRequest.number",
}  # fmt: skip


def tracked() -> list["models.Field[Any, Any]"]:
    mine = [model for model in auditlog.get_models() if model.__module__.startswith(OURS)]
    names = [(model, name) for model in mine for name in auditlog.get_model_fields(model)["include_fields"]]
    return [model._meta.get_field(name) for model, name in names]


def is_text(field: "models.Field[Any, Any]") -> bool:
    """A text that is neither left out nor one of the field's own choices."""
    is_left_out = isinstance(field, models.TextField) or "hash" in field.name
    return isinstance(field, models.CharField | ArrayField) and not field.flatchoices and not is_left_out


def test_each_tracked_field_and_each_logged_model_has_a_name_in_words() -> None:
    nameless = [path(f) for f in tracked() if not isinstance(f.verbose_name, Promise) and f.name not in FIELDS]
    models_ = {field.model for field in tracked()}
    nameless += [
        model._meta.label
        for model in models_
        if not isinstance(model._meta.verbose_name, Promise) and model._meta.model_name not in MODELS
    ]
    assert nameless == []


def test_each_value_is_said_in_words_or_stands_as_a_code_or_is_what_somebody_typed() -> None:
    """A new field is none of these until somebody has decided."""
    found = {path(field) for field in tracked() if is_text(field) and not _is_of_ids(field)}
    assert found == {*WORDED, *LISTED, *CODES, *SUBJECTS, *TYPED}


def _is_of_ids(field: "models.Field[Any, Any]") -> bool:
    return isinstance(field, ArrayField) and isinstance(field.base_field, models.UUIDField)


def field(model: type[models.Model], name: str) -> "models.Field[Any, Any]":
    return model._meta.get_field(name)


def test_a_value_is_a_word_a_date_a_number_or_nothing_and_never_an_id() -> None:
    with override("en"):
        assert value_said(field(Membership, "role"), "owner") == Said("Owner")
        assert value_said(field(Membership, "is_active"), "True") == Said("Yes")
        assert value_said(field(Handler, "contract_ends_on"), "2026-03-01") == Said("1 March 2026")
        assert value_said(field(Handler, "max_people"), "12000") == Said("12,000")
        assert value_said(field(Handler, "contact_phone"), "13800138000") == Said("138 0013 8000")
        assert value_said(field(Membership, "user"), "42") == Said("")
        assert value_said(field(Handler, "contract_ends_on"), "None") == Said("–")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_codes_are_said_in_the_reader_s_language(language: str) -> None:
    is_chinese = language == "zh-hans"
    with override(language):
        assert value_said(field(ApiToken, "scopes"), "['view_home', 'view_people']").words == (
            "查看今日事项、查看人员" if is_chinese else "See today's work, See people"
        )
        assert value_said(field(WebhookEndpoint, "events"), "['alert.rang']").words == (
            "发出警报" if is_chinese else "An alert rang"
        )
        for one, code in (
            (field(Alert, "rule"), "mass_reading"),
            (field(ErasureReceipt, "store"), "templates"),
            (field(Enrollment, "reason"), "queue_down"),
            (field(Enrollment, "warning"), "resembles_another"),
        ):
            said = value_said(one, code)
            assert said.words and said.code == "" and "_" not in said.words, (one, said)


def test_a_code_of_an_earlier_release_is_a_code() -> None:
    assert value_said(field(Alert, "rule"), "gone_long_ago") == Said("", "gone_long_ago")
    assert value_said(field(Enrollment, "reason"), "gone_long_ago") == Said("", "gone_long_ago")


def test_what_is_said_reads_on_a_page_in_a_sentence_and_in_a_file() -> None:
    with override("en"):
        code = Said("", "a1", "Key")
        assert (code.lead, code.text, str(code)) == ("Key:", "Key", "Key: a1")
        both = Said("account", "a1", "About")
        assert (both.lead, both.text, str(both)) == ("About: account", "About: account", "About: account a1")
        nothing = Said("", "", "Person")
        assert (nothing.lead, nothing.text, str(nothing)) == ("Person", "Person", "Person")
