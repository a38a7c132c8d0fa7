"""The closed list of what a webhook can tell, and the triggers that write most of it down.

A trigger sees every change, by whichever role and however many rows at once, and writes the message in the same
transaction: what is rolled back was never told, and no service can forget to tell.
"""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _


class Event(models.TextChoices):
    """The names are permanent: programs of others know them."""

    ALERT = "alert.rang", _("An alert rang")
    REQUEST_RECEIVED = "request.received", _("A request was received")
    REQUEST_DUE_SOON = "request.due_soon", _("A request is due within five working days")
    REQUEST_CLOSED = "request.closed", _("A request was closed")
    COMPLAINT_RECEIVED = "complaint.received", _("A complaint was received")
    COMPLAINT_ANSWERED = "complaint.answered", _("A complaint was answered")
    CONSENT_CHANGED = "consent.changed", _("A consent was given, refused or withdrawn")
    ENROLLMENT_CHANGED = "enrollment.changed", _("The state of a person's face changed")
    ERASURE_COMPLETED = "erasure.completed", _("An erasure was completed")
    DEVICE_ACTIVATED = "device.activated", _("A device uses faces")
    DEVICE_SUSPENDED = "device.suspended", _("A device was suspended")
    DEVICE_SILENT = "device.silent", _("A device is not heard from")
    NOTICE_PUBLISHED = "notice.published", _("A notice was published")


# Sent by the button “Send a test” alone.
TEST = "webhook.test"
# These pass by themselves: watching.py looks for them.
OF_TIME = (Event.REQUEST_DUE_SOON, Event.DEVICE_SILENT)


@dataclass(frozen=True)
class Source:
    """One change of a table. `says` maps names of the message to columns: ids, numbers, codes and days, no name.

    `when` is SQL over OLD and NEW; `columns` are those whose update is looked at, none for a new row.
    """

    event: Event
    table: str
    says: dict[str, str]
    when: str = "true"
    columns: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        verb = "_".join(self.columns) or "new"
        return f"announce_{self.event.value.replace('.', '_')}_{verb}"


_REQUEST = {"request": "id", "number": "number", "kind": "kind", "state": "state", "due_on": "due_on"}
_REQUEST |= {"person": "person_id"}
_COMPLAINT = {"complaint": "id", "number": "number", "state": "state", "due_on": "due_on"}
_CONSENT = {"consent": "id", "person": "person_id", "purpose": "purpose", "decision": "decision"}
_CONSENT |= {"withdrawn_at": "withdrawn_at"}
_DEVICE = {"device": "id", "door": "access_point_id", "state": "state", "suspended_for": "suspended_for"}
_MOVED = "OLD.state IS DISTINCT FROM NEW.state AND NEW.state"

SOURCES = (
    Source(Event.REQUEST_RECEIVED, "rights_rightsrequest", _REQUEST),
    Source(
        Event.REQUEST_CLOSED,
        "rights_rightsrequest",
        _REQUEST,
        f"{_MOVED} IN ('answered', 'refused', 'merged', 'taken_back')",
        ("state",),
    ),
    Source(Event.COMPLAINT_RECEIVED, "rights_complaint", _COMPLAINT),
    Source(Event.COMPLAINT_ANSWERED, "rights_complaint", _COMPLAINT, f"{_MOVED} = 'answered'", ("state",)),
    Source(Event.CONSENT_CHANGED, "people_consent", _CONSENT),
    Source(
        Event.CONSENT_CHANGED,
        "people_consent",
        _CONSENT,
        "OLD.withdrawn_at IS NULL AND NEW.withdrawn_at IS NOT NULL",
        ("withdrawn_at",),
    ),
    Source(
        Event.ENROLLMENT_CHANGED,
        "people_person",
        {"person": "id", "face_state": "face_state"},
        "OLD.face_state IS DISTINCT FROM NEW.face_state",
        ("face_state",),
    ),
    Source(
        Event.ERASURE_COMPLETED,
        "rights_erasure",
        {"erasure": "id", "person": "person_id", "reason": "reason", "scope": "scope", "completed_at": "completed_at"},
        "OLD.completed_at IS NULL AND NEW.completed_at IS NOT NULL",
        ("completed_at",),
    ),
    Source(Event.DEVICE_ACTIVATED, "premises_device", _DEVICE, f"{_MOVED} = 'active'", ("state",)),
    Source(Event.DEVICE_SUSPENDED, "premises_device", _DEVICE, f"{_MOVED} = 'suspended'", ("state",)),
    Source(
        Event.NOTICE_PUBLISHED,
        "transparency_notice",
        {"notice": "id", "version": "version", "effective_on": "effective_on"},
        f"{_MOVED} = 'published'",
        ("state",),
    ),
)

# Runs as the owner of the tables: the worker that looks at faces writes a message without seeing an address.
_ANNOUNCE = """
CREATE OR REPLACE FUNCTION consentry_announce() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  said jsonb := '{}';
  changed jsonb;
  pair text[];
BEGIN
  PERFORM 1 FROM security_webhookendpoint
    WHERE tenant_id = NEW.tenant_id AND ended_at IS NULL AND TG_ARGV[0] = ANY (events);
  IF NOT FOUND THEN RETURN NULL; END IF;
  changed := to_jsonb(NEW);
  FOR place IN 1 .. TG_NARGS - 1 LOOP
    pair := string_to_array(TG_ARGV[place], '=');
    said := said || jsonb_build_object(pair[1], changed -> pair[2]);
  END LOOP;
  INSERT INTO security_alertdelivery
    (id, tenant, endpoint_id, channel, event, payload, more, state, reason, attempts, created_at, next_try_at)
  SELECT gen_random_uuid(), tenant_id, id, 'webhook', TG_ARGV[0], said, 0, 'waiting', '', 0,
    clock_timestamp(), clock_timestamp()
  FROM security_webhookendpoint
  WHERE tenant_id = NEW.tenant_id AND ended_at IS NULL AND TG_ARGV[0] = ANY (events);
  RETURN NULL;
END $$
"""


def statements() -> list[str]:
    """Return the SQL of every trigger, written so that it may run again."""
    return [_ANNOUNCE, "REVOKE ALL ON FUNCTION consentry_announce() FROM PUBLIC", *map(_trigger, SOURCES)]


def _trigger(source: Source) -> str:
    verb = f"UPDATE OF {', '.join(source.columns)}" if source.columns else "INSERT"
    said = ", ".join(f"'{name}={column}'" for name, column in source.says.items())
    return f"""
    CREATE OR REPLACE TRIGGER {source.name} AFTER {verb} ON {source.table}
    FOR EACH ROW WHEN ({source.when}) EXECUTE FUNCTION consentry_announce('{source.event.value}', {said})
    """
