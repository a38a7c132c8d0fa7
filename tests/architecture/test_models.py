"""Every model belongs to one property or says why not, is logged by an allow-list, and is reached by an erasure."""

from collections.abc import Iterable

import pytest
from auditlog.registry import auditlog
from django.apps import apps
from django.db import models

from tenants.organizations.scoping import TenantOwned
from tenants.people.models import Person
from tenants.rights import stores

OURS = ("tenants.", "recognition.", "portal.")

# Rows that belong to no property, each with its reason.
GLOBAL = {
    "organizations.User": "one account may work in several properties",
    "organizations.Handler": "a legal entity owns properties",
    "organizations.Property": "it is the tenant",
    "organizations.NotificationSettings": "one member's wishes hold in every property they work in",
    "organizations.PropertyUserPermission": "guardian reads it before the context is entered; it names the property",
    "organizations.User_groups": "Django's own join table; no group is used",
    "organizations.User_user_permissions": "Django's own join table; no global permission opens a property",
    "operations.FailedTask": "names what it worked on by ids, which may be anybody's",
    "operations.Announcement": "platform staff tell it to the members of many properties",
    "operations.AnnouncementPutAway": "belongs to an account, which may work in several properties",
    "rights.LedgerReplay": "the ledger of erasures is the installation's; a row holds numbers only",
    "security.AccessEvent": "names its property by id, or none: it outlives what it speaks of",
    "security.Alert": "names its property by id, or none: a rule may ring about the whole platform",
    "security.AlertStep": "belongs to its alert",
    "security.AlertDelivery": "belongs to its alert",
    "security.AuditSeal": "covers the log of the whole installation; a row holds ids and hashes only",
    "vault.HandlerKey": "one key per legal entity, which owns several properties",
}

# Rows that write no log entry, each with its reason.
UNLOGGED = {
    "organizations.PropertyUserPermission": "derived from the membership's role, which is logged",
    "organizations.Notification": "says to whom something was told that is logged itself",
    "organizations.User_groups": "no group is used",
    "organizations.User_user_permissions": "no global permission opens a property",
    "vault.GalleryEpoch": "a counter",
    "enrollment.Capture": "lives for seconds and holds a photo",
    "enrollment.PhotoBatchRow": "a list of files, gone after a week; the attempt that each became is logged",
    "operations.AnnouncementPutAway": "says that somebody has read a sentence",
    "matching.DoorEvent": "is a log itself, with its own clock",
    "edge.DeviceNonce": "comes with every request and is gone after minutes",
    "edge.DeviceBoot": "a start of a terminal's software",
    "edge.DeviceReport": "what a terminal says of itself every minute",
    "edge.DeviceAlarm": "is a log itself",
    "edge.DeviceOrder": "is a log itself, which nobody may delete, with the terminal's signed receipt",
    "edge.DeviceCopy": "says what the receipts of the orders say",
    "clearance.Clearance": "is a log itself, which nobody may change",
    "rights.LedgerReplay": "is a log itself, which nobody may change",
    "rights.PropertyFigures": "numbers that the portal counts itself, again every ten minutes",
    "security.KeptAnswer": "lives for a day and holds what the log knows, sealed",
    "security.AccessEvent": "is a log itself, which nobody may change",
    "security.AuditSeal": "is a log itself, which nobody may change",
    "work.ListChoice": "how a member looks at a list of their own",
    "security.AlertStep": "is a log itself, which nobody may change",
    "security.AlertDelivery": "is a log itself: when which message left, and how it went",
}

# Fields that no log entry may ever hold: who a person is, secrets, and anything of a face.
NEVER_LOGGED = {
    "people.PersonIdentity": {"name", "phone", "email", "room", "document_hash"},
    "people.Pass": {"label", "card_hash", "last4", "pass_number", "pin_hash"},
    "people.MinorAccess": {"reason"},
    "people.Guardian": {"note"},
    "people.PersonalLink": {"token_hash"},
    "people.Registration": {"token_hash", "submission_hash"},
    "premises.Device": {"pairing_hash"},
    "rights.RightsRequest": {"name", "contact", "room", "message", "answer", "code_hash"},
    "rights.Complaint": {"name", "contact", "text", "answer", "code_hash"},
    "organizations.User": {"password", "email", "name"},
    "security.ApiToken": {"name", "token_hash"},
}

# Tables that hold no row about one person although a path of foreign keys could lead there.
NOT_PERSONAL: dict[str, str] = {}


def our_models() -> list[type[models.Model]]:
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if apps.get_app_config(model._meta.app_label).name.startswith(OURS)
    ]


def unowned(candidates: Iterable[type[models.Model]]) -> set[str]:
    return {m._meta.label for m in candidates if not issubclass(m, TenantOwned) and m._meta.label not in GLOBAL}


def unlogged(candidates: Iterable[type[models.Model]]) -> set[str]:
    return {m._meta.label for m in candidates if not auditlog.contains(m) and m._meta.label not in UNLOGGED}


def points_at_a_person(model: type[models.Model], seen: frozenset[type[models.Model]] = frozenset()) -> bool:
    """Say whether any path of foreign keys leads from this model to a person."""
    if model is Person:
        return True
    if model in seen:
        return False
    targets = [f.related_model for f in model._meta.get_fields() if f.is_relation and f.concrete and f.related_model]
    return any(points_at_a_person(target, seen | {model}) for target in targets if isinstance(target, type))


def uncovered(candidates: Iterable[type[models.Model]]) -> set[str]:
    covered = {label for store in stores.stores() for label in store.models}
    return {
        m._meta.label
        for m in candidates
        if points_at_a_person(m) and m._meta.label not in covered and m._meta.label not in NOT_PERSONAL
    }


def test_every_model_is_owned_by_a_property_or_says_why_not() -> None:
    assert unowned(our_models()) == set()


def test_every_model_is_logged_or_says_why_not() -> None:
    assert unlogged(our_models()) == set()


def test_the_lists_of_exceptions_name_nothing_that_needs_none() -> None:
    labels = {model._meta.label: model for model in our_models()}
    assert set(GLOBAL) <= set(labels)
    assert not [label for label in GLOBAL if issubclass(labels[label], TenantOwned)]
    assert not [label for label in UNLOGGED if label not in labels or auditlog.contains(labels[label])]


def test_every_logged_model_has_an_allow_list_of_fields() -> None:
    everything = []
    for model in our_models():
        if auditlog.contains(model):
            options = auditlog.get_model_fields(model)
            if not options["include_fields"]:
                everything.append(model._meta.label)
            known = {field.name for field in model._meta.get_fields()}
            assert set(options["include_fields"]) <= known, f"{model._meta.label} logs a field that does not exist"
    assert everything == []


def test_no_log_holds_who_a_person_is_a_secret_or_anything_of_a_face() -> None:
    for model in our_models():
        if not auditlog.contains(model):
            continue
        logged = set(auditlog.get_model_fields(model)["include_fields"])
        assert logged.isdisjoint(NEVER_LOGGED.get(model._meta.label, set())), model._meta.label
        bytes_fields = {f.name for f in model._meta.fields if isinstance(f, models.BinaryField | models.FileField)}
        assert logged.isdisjoint(bytes_fields), model._meta.label


def test_every_model_that_can_point_at_a_person_answers_an_erasure() -> None:
    assert uncovered(our_models()) == set()


def test_every_store_names_models_that_exist_and_no_model_has_two() -> None:
    labels = [label for store in stores.stores() for label in store.models]
    assert len(labels) == len(set(labels))
    assert {apps.get_model(label)._meta.label for label in labels} == set(labels)
    assert all(isinstance(store, stores.PersonalDataStore) for store in stores.stores())


def test_no_model_stores_a_file() -> None:
    """A photo in a file would outlive its erasure."""
    found = [
        f"{m._meta.label}.{f.name}" for m in our_models() for f in m._meta.fields if isinstance(f, models.FileField)
    ]
    assert found == []


def test_no_model_infers_anything_from_a_face() -> None:
    """No emotion, ethnicity, gender, age or temperature (Measures Arts 3, 4)."""
    forbidden = ("emotion", "ethnic", "race", "gender", "sex", "age_estimate", "temperature", "health", "mood")
    names = [f"{m._meta.label}.{f.name}" for m in our_models() for f in m._meta.fields]
    assert [name for name in names if any(word in name.split(".")[-1].split("_") for word in forbidden)] == []


@pytest.fixture
def planted() -> Iterable[type[models.Model]]:
    """A model that breaks every rule of this file."""
    registered = apps.all_models["people"]

    class Loose(models.Model):
        person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")

        class Meta:
            app_label = "people"
            managed = False

    yield Loose
    del registered["loose"]
    apps.clear_cache()


def test_the_sweeps_can_fail(planted: type[models.Model]) -> None:
    assert unowned([planted]) == unlogged([planted]) == uncovered([planted]) == {"people.Loose"}
    assert planted in our_models()
