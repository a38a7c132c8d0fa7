"""Every column in which something of a person can stand, found by walking the models."""

import json

import psycopg
from django.apps import apps
from django.db import models
from psycopg import sql

from portal.stack.run import Stack
from tenants.rights import stores
from tests.leaks.canary import Canary

FREE = (models.CharField, models.TextField, models.BinaryField, models.JSONField)
ONE_WAY = ("_hash", "sha256", "_sha256")  # nothing can be read back from these

# Sealed: what is in them cannot be searched. They are full before an erasure, and empty or gone afterwards.
SEALED = {
    "rights.Package.sealed": "the package, which its owner opens with the tracking code",
    "vault.PersonKey.wrapped": "the key of the person",
    "vault.FaceTemplate.sealed": "the face",
    "edge.DeviceOrder.sealed": "the copy of the face for one terminal",
    "work.Job.result": "a file with the list of people",
}
# Fields in which nothing that somebody wrote of a person can stand, each with its reason.
CANNOT = {
    "people.Consent.language": "a language of the portal",
    "people.PaperForm.language": "a language of the portal",
    "people.Invitation.reason": "a code of the portal's own, why a message did not leave",
    "people.Pass.last4": "four digits, which are too short to be anybody's",
    "people.Pass.pass_number": "the portal chooses it",
    "clearance.Clearance.blockers": "codes of the gate",
    "rights.Complaint.number": "the portal counts",
    "rights.Complaint.language": "a language of the portal",
    "rights.RightsRequest.number": "the portal counts",
    "rights.RightsRequest.seal_key": "made of the tracking code, which is random",
    "rights.RightsRequest.language": "a language of the portal",
    "rights.RightsRequest.refusal_article": "the article of a law",
    "rights.ErasureReceipt.store": "the name of a store",
    "rights.Certificate.number": "the portal counts",
    "rights.Certificate.body": "the portal's own words and numbers",
    "rights.Certificate.signature": "a signature",
    "rights.Certificate.key_id": "a fingerprint of a key",
    "rights.LegalHold.article": "the article of a law, or the number of a court's order",
    "rights.RequestMessage.template": "the name of a template",
    "work.Job.what": "the name of a list or an act",
    "work.Job.language": "a language of the portal",
    "work.Job.asked": "sealed while the work waits, and empty once it is over",
    "work.Job.file_name": "the name of a list and a day",
    "work.Job.said": "numbers, random codes and the portal's own sentences about rows of a table",
    "work.Job.error": "a sentence of the portal's own",
    "vault.FaceTemplate.model_version": "a name of the model",
    "enrollment.Enrollment.reason": "a code of the portal's own",
    "enrollment.Enrollment.model_version": "a name of the model",
    "enrollment.Enrollment.warning": "a code of the portal's own",
    "enrollment.Capture.sealed": "a photo on its way, gone within the same job",
    "enrollment.PhotoBatchRow.refused": "a code of the portal's own",
    "matching.DoorEvent.rule": "a code of the portal's own",
    "edge.DeviceOrder.reason": "a code of the portal's own",
    "edge.DeviceOrder.model_version": "a name of the model",
    "edge.DeviceOrder.receipt": "what a terminal signed: numbers and times",
    "edge.DeviceOrder.signature": "a signature",
    "edge.DeviceCopy.handle": "the terminal's own number",
    "edge.DeviceCopy.model_version": "a name of the model",
}


def personal() -> dict[str, tuple[str, str]]:
    """Return table and column of every field that can hold a text or bytes, of every model of a personal-data store."""
    found = {}
    for label in {label for store in stores.stores() for label in store.models}:
        model = apps.get_model(label)
        for one in model._meta.concrete_fields:
            if isinstance(one, FREE) and not one.choices and not one.name.endswith(ONE_WAY):
                found[f"{label}.{one.name}"] = (model._meta.db_table, str(one.column))
    return found


def can_hold() -> set[str]:
    """The fields that the test has to fill: a new one is here from its first day."""
    return set(personal()) - set(CANNOT) - set(SEALED)


def values(stack: Stack, label: str) -> list[bytes]:
    """Return what stands in one field, in all rows, as bytes."""
    table, column = personal()[label]
    query = sql.SQL("SELECT {} FROM {}").format(sql.Identifier(column), sql.Identifier(table))
    with psycopg.connect(stack.env("owner")["DATABASE_URL_OWNER"]) as connection:
        rows = connection.execute(query).fetchall()
    return [_bytes(value) for (value,) in rows if value]


def _bytes(value: object) -> bytes:
    if isinstance(value, bytes | memoryview):
        return bytes(value)
    return (value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)).encode()


def holding(stack: Stack, canary: Canary) -> set[str]:
    """Return the fields in which the canary stands."""
    return {label for label in personal() if any(canary.is_in(value) for value in values(stack, label))}
