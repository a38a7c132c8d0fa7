"""How the log is sealed, where its seals are kept a second time, and for how long its entries stay."""

from pathlib import Path

from environs import Env

_env = Env()
_VAR = _env.path("CONSENTRY_VAR", Path(__file__).resolve().parents[2] / "var")

AUDIT_SEAL_SECONDS = _env.float("AUDIT_SEAL_SECONDS", 60.0)
# Outside the database and its backup, as the ledger of erasures: whoever rewrites the database has to come here too.
AUDIT_ANCHOR_DIR = _env.path("AUDIT_ANCHOR_DIR", _VAR / "audit")
# Where the newest seal goes once a day, as a third copy: an address that the operators of this machine do not read.
AUDIT_ANCHOR_MAIL = _env.str("AUDIT_ANCHOR_MAIL", "")
# Entries older than this may be dropped by `manage.py expire_audit`. Three years at least (PIPL 56).
AUDIT_MONTHS = _env.int("AUDIT_MONTHS", 36, validate=lambda months: months >= 36)

AUDIT_SCHEDULE = {
    "audit-seal": {"task": "security.seal_audit", "schedule": AUDIT_SEAL_SECONDS, "options": {"expires": 55}},
    # Once a day; each hour, so that a mail server that is down costs an hour.
    "audit-mail": {"task": "security.mail_seal", "schedule": 3_600.0, "options": {"expires": 3_500}},
    "detection-look": {"task": "security.look", "schedule": 60.0, "options": {"expires": 55}},
    "detection-decoys": {"task": "security.lay_out_decoys", "schedule": 300.0, "options": {"expires": 290}},
    # Some queries for each property.
    "detection-rows": {"task": "security.compare_rows", "schedule": 3_600.0, "options": {"expires": 3_500}},
    # Reads the whole log.
    "audit-verification": {"task": "security.verify_audit", "schedule": 3_600.0, "options": {"expires": 3_500}},
}
