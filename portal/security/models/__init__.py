"""What is kept of reads, seals and alarms."""

from portal.security.models.audit import AccessEvent, AuditSeal

__all__ = ["AccessEvent", "AuditSeal"]
