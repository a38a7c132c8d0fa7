"""What people ask for, what they are told, and the evidence that a face was let go."""

from tenants.rights.models.complaints import Complaint
from tenants.rights.models.erasures import Certificate, Erasure, ErasureReceipt
from tenants.rights.models.figures import PropertyFigures
from tenants.rights.models.holds import LegalHold
from tenants.rights.models.ledger import LedgerReplay
from tenants.rights.models.messages import IdentityCode, RequestAttachment, RequestMessage
from tenants.rights.models.packages import Package
from tenants.rights.models.requests import RightsRequest

__all__ = [
    "Certificate",
    "Complaint",
    "Erasure",
    "ErasureReceipt",
    "IdentityCode",
    "LedgerReplay",
    "LegalHold",
    "Package",
    "PropertyFigures",
    "RequestAttachment",
    "RequestMessage",
    "RightsRequest",
]
