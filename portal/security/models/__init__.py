"""What is kept of reads, seals and alarms."""

from portal.security.models.alerts import Alert, AlertDelivery, AlertSettings, AlertStep
from portal.security.models.answers import KeptAnswer
from portal.security.models.audit import AccessEvent, AuditSeal
from portal.security.models.decoys import Decoy
from portal.security.models.tokens import ApiToken
from portal.security.models.webhooks import WebhookEndpoint

__all__ = [
    "AccessEvent",
    "Alert",
    "AlertDelivery",
    "AlertSettings",
    "AlertStep",
    "ApiToken",
    "AuditSeal",
    "Decoy",
    "KeptAnswer",
    "WebhookEndpoint",
]
