"""Who may touch which table: the one list of what each database role can reach (docs/threat-model.md).

`web` serves pages, the API, the default worker and beat; it cannot read a template, a key or a photo.
`recognition` is the worker that looks at faces; it cannot read who a person is, nor any account.
A table that is not here is closed to both. Letters: S select, I insert, U update, D delete. A letter
with columns reaches those columns only.
"""

from dataclasses import dataclass

PRIVILEGES = {"S": "SELECT", "I": "INSERT", "U": "UPDATE", "D": "DELETE"}
OWNER, WEB, RECOGNITION = "consentry_owner", "consentry_web", "consentry_recognition"


@dataclass(frozen=True)
class Grant:
    """`web` and `recognition` are letters; the `_columns` maps narrow a letter to columns."""

    web: str = ""
    recognition: str = ""
    web_columns: dict[str, tuple[str, ...]] | None = None
    recognition_columns: dict[str, tuple[str, ...]] | None = None


_FRAMEWORK = {
    table: Grant(web="SIUD")
    for table in (
        "django_session",
        "account_emailaddress",
        "account_emailconfirmation",
        "mfa_authenticator",
        "usersessions_usersession",
        "socialaccount_socialapp",
        "socialaccount_socialaccount",
        "socialaccount_socialtoken",
        "django_admin_log",
        "auth_group",
        "auth_group_permissions",
        "organizations_user_groups",
        "organizations_user_user_permissions",
        "guardian_userobjectpermission",
        "guardian_groupobjectpermission",
    )
}

GRANTS: dict[str, Grant] = _FRAMEWORK | {
    # Both roles check at start-up that no migration is missing, and auditlog needs content types.
    "django_migrations": Grant(web="S", recognition="S"),
    "django_content_type": Grant(web="S", recognition="S"),
    "auth_permission": Grant(web="S"),
    # Append-only for everybody: no role may change or remove a log entry.
    "auditlog_logentry": Grant(web="SI", recognition="SI"),
    "security_accessevent": Grant(web="SI", recognition="SI"),
    "security_auditseal": Grant(web="SI"),
    # A token only ends; what it may do was said when it was made.
    "security_apitoken": Grant(web="SI", web_columns={"U": ("last_used_at", "revoked_at", "revoked_by_id")}),
    # Sealed, and gone after a day; an erasure empties them at once.
    "security_keptanswer": Grant(web="SID", web_columns={"U": ("sealed",)}),
    # That a rule rang, and what was done about it, is evidence: what changes is how often, and who has handled it.
    "security_alert": Grant(
        web="SI",
        web_columns={"U": ("facts", "count", "last_at", "state", "handled_by_id", "handled_at", "told_at")},
    ),
    # Which records are decoys, and since when, is only added to; one can end.
    "security_decoy": Grant(web="SI", web_columns={"U": ("ended_at",)}),
    "security_alertstep": Grant(web="SI"),
    "security_alertdelivery": Grant(
        web="SI", web_columns={"U": ("state", "reason", "status", "attempts", "next_try_at", "ended_at")}
    ),
    "security_alertsettings": Grant(web="SIU"),
    # Running the platform. A worker of either role keeps what failed; platform staff send it again or forget it.
    "operations_failedtask": Grant(web="SID", web_columns={"U": ("retried_at", "retried_by_id")}, recognition="I"),
    "operations_announcement": Grant(web="SIUD"),
    "operations_announcementputaway": Grant(web="SID"),
    # Long work of members, its files sealed, and what each chose for their lists.
    "work_job": Grant(web="SIUD"),
    "work_listchoice": Grant(web="SIUD"),
    # An endpoint ends and stays: what was sent there is listed.
    "security_webhookendpoint": Grant(web="SIU"),
    # Organizations
    "organizations_user": Grant(web="SIU"),
    "organizations_handler": Grant(web="SIU", recognition="S"),
    "organizations_property": Grant(web="SIU", recognition="S"),
    "organizations_membership": Grant(web="SIU"),
    # That staff looked in, and what a review decided, is evidence; an emergency access may end early.
    "organizations_emergencyaccess": Grant(web="SI", web_columns={"U": ("ended_at", "ended_by_id")}),
    "organizations_accessreview": Grant(web="SI"),
    # What somebody was told; it goes once it was read long ago.
    "organizations_notification": Grant(
        web="SID", web_columns={"U": ("read_at", "mailed_at", "attempts", "next_try_at")}
    ),
    "organizations_notificationsettings": Grant(web="SIU"),
    "organizations_propertyuserpermission": Grant(web="SIUD"),
    # Premises
    "premises_zone": Grant(web="SIUD", recognition="S"),
    "premises_accesspoint": Grant(web="SIUD", recognition="S"),
    "premises_accessmethod": Grant(web="SIUD", recognition="S"),
    "premises_device": Grant(web="SIU", recognition="S"),
    # Photos of signs are evidence: nobody changes or deletes one.
    "premises_devicesign": Grant(web="SI"),
    "premises_floorplan": Grant(web="SIUD"),
    "premises_planmark": Grant(web="SIUD"),
    # Transparency. Published rows are frozen by a trigger.
    "transparency_notice": Grant(web="SIUD", recognition="S"),
    "transparency_assessment": Grant(web="SIUD", recognition="S"),
    "transparency_risk": Grant(web="SIUD"),
    "transparency_contribution": Grant(web="SIUD"),
    # People. Consents are evidence: nobody deletes one, and nothing of one changes but that it was taken back.
    "people_person": Grant(web="SIU", recognition="SU"),
    "people_personidentity": Grant(web="SIUD"),
    "people_personallink": Grant(web="SIUD"),
    "people_consent": Grant(web="SI", web_columns={"U": ("withdrawn_at", "withdrawn_by")}, recognition="S"),
    # The face worker learns only whether a guardian still is one.
    "people_guardian": Grant(web="SIU", recognition_columns={"S": ("id", "tenant_id", "child_id", "ended_at")}),
    # A sheet is evidence; an erasure empties its scan and nothing else.
    "people_paperform": Grant(web="SI", web_columns={"U": ("scan",)}),
    "people_promptrecord": Grant(web="SI"),
    # Whom, when and by whom is evidence; only how far the message has come changes.
    "people_invitation": Grant(web="SI", web_columns={"U": ("state", "reason", "attempts", "next_try_at", "sent_at")}),
    # Who let whom register is evidence; a ticket is used or stopped once.
    "people_registration": Grant(web="SIU"),
    "people_minoraccess": Grant(web="SIU"),
    "people_minoraccessview": Grant(web="SI"),
    # Passes belong to people; the face worker has nothing to do with them.
    "people_pass": Grant(web="SIUD"),
    "people_passdoor": Grant(web="SID"),
    # The gate's answers are evidence: nobody changes or deletes one.
    "clearance_clearance": Grant(web="SI", recognition="SI"),
    # Rights. Erasures and receipts are evidence: nobody deletes one.
    "rights_rightsrequest": Grant(web="SIU"),
    "rights_erasure": Grant(web="SIU", recognition="SU"),
    "rights_erasurereceipt": Grant(web="SI", recognition="SI"),
    "rights_certificate": Grant(web="SI"),
    # What was said stays; an erasure empties it.
    "rights_requestmessage": Grant(web="SIU"),
    "rights_requestattachment": Grant(web="SIU"),
    "rights_identitycode": Grant(web="SIU"),
    "rights_complaint": Grant(web="SIU"),
    "rights_package": Grant(web="SIU"),
    "rights_legalhold": Grant(web="SIU"),
    # Numbers of one property, counted anew every ten minutes.
    "rights_propertyfigures": Grant(web="SIU"),
    "rights_ledgerreplay": Grant(web="SI"),
    # Vault. The web role may destroy a key it cannot read.
    # A rotation deletes the handler's older key, which the database allows once it wraps nothing.
    "vault_handlerkey": Grant(recognition="SIUD"),
    "vault_personkey": Grant(
        recognition="SIU",
        web_columns={
            "S": ("id", "tenant_id", "person_id", "created_at", "destroyed_at"),
            "U": ("wrapped", "destroyed_at"),
        },
    ),
    "vault_facetemplate": Grant(recognition="SID"),
    "vault_galleryepoch": Grant(web="SIU", recognition="SIU"),
    # Enrolment. The web role may put a photo down and throw it away, but not read it back.
    "enrollment_enrollment": Grant(web="SIU", recognition="SU"),
    "enrollment_capture": Grant(
        web="ID", recognition="SD", web_columns={"S": ("id", "tenant_id", "enrollment_id", "expires_at")}
    ),
    # Lists of photos handed in together; the face worker learns which comes next and nothing of the file's name.
    "enrollment_photobatch": Grant(
        web="SIUD", recognition_columns={"S": ("id", "tenant_id", "worked_at"), "U": ("worked_at",)}
    ),
    "enrollment_photobatchrow": Grant(
        web="SIUD", recognition_columns={"S": ("id", "tenant_id", "batch_id", "enrollment_id", "created_at")}
    ),
    # Matching. The web role writes the events of passes.
    "matching_doorevent": Grant(web="SIUD", recognition="SI"),
    # Edge. Terminals speak to the web role; the face worker only puts sealed templates into their queue.
    "edge_devicekey": Grant(web="SIU", recognition="S"),
    "edge_deviceboot": Grant(web="SID"),
    "edge_devicenonce": Grant(web="SID"),
    "edge_devicereport": Grant(web="SIU", recognition="S"),
    # Orders and their signed receipts are evidence: nobody deletes one.
    "edge_deviceorder": Grant(web="SIU", recognition="SIU"),
    "edge_devicecopy": Grant(web="SIU", recognition="SIU"),
    # That a terminal was declared lost is evidence: a certificate stands on it.
    "edge_deviceloss": Grant(web="SIU"),
    "edge_devicealarm": Grant(web="SIUD"),
}


def statements() -> list[str]:
    """Return the SQL that makes the database equal to this list: first nothing, then what is granted."""
    sql = [f"GRANT ALL ON SCHEMA public TO {OWNER}"]  # also where the server's owner made the database
    for role in (WEB, RECOGNITION):
        sql.append(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}")
        sql.append(f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {role}")
        sql.append(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}")
        sql.append(f"GRANT USAGE ON SCHEMA public TO {role}")
    for table, grant in GRANTS.items():
        for role, letters, columns in (
            (WEB, grant.web, grant.web_columns),
            (RECOGNITION, grant.recognition, grant.recognition_columns),
        ):
            sql += [f'GRANT {PRIVILEGES[letter]} ON "{table}" TO {role}' for letter in letters]
            for letter, names in (columns or {}).items():
                sql.append(f'GRANT {PRIVILEGES[letter]} ({", ".join(names)}) ON "{table}" TO {role}')
    return sql
