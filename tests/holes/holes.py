"""Mistakes that somebody could make tomorrow, each as one change of the source, and the sweeps that must find it."""

from dataclasses import dataclass
from pathlib import Path

ROUTES = "tests/architecture/test_routes.py"


@dataclass(frozen=True)
class Hole:
    """`old` stands once in `file`; with `new` in its place one of the `sweeps` must fail."""

    mistake: str
    file: str
    old: str
    new: str
    sweeps: tuple[str, ...]

    def plant(self, tree: Path) -> None:
        """Change the copy. Raises ValueError when the source has changed so that this hole no longer fits."""
        path = tree / self.file
        text = path.read_text(encoding="utf-8")
        if text.count(self.old) != 1:
            raise ValueError(f"{self.file} holds {text.count(self.old)} times, not once: {self.old.strip()}")
        path.write_text(text.replace(self.old, self.new), encoding="utf-8")


HOLES = (
    Hole(
        "a page looks for its row in every property",
        "portal/web/views/complaints.py",
        'Complaint.objects.filter(tenant=self.tenant).select_related("assigned_to", "answered_by", "person")',
        'Complaint.objects.select_related("assigned_to", "answered_by", "person")',
        (f"{ROUTES}::test_a_foreign_row_is_not_found_at_the_own_address",),
    ),
    Hole(
        "the API looks for its rows in every property",
        "portal/api/views/foundation.py",
        'return rows if getattr(self, "swagger_fake_view", False) else self.rows_of_tenant(rows)',
        "return rows",
        (f"{ROUTES}::test_a_foreign_row_is_not_found_at_the_own_address",),
    ),
    Hole(
        "a page names no permission",
        "portal/web/views/retention.py",
        "    permission = Permission.VIEW_RETENTION\n    permission_write = Permission.MANAGE_RETENTION\n",
        "",
        (f"{ROUTES}::test_every_member_address_declares_its_permission",),
    ),
    Hole(
        "a page that writes asks for the right to look",
        "portal/web/views/retention.py",
        "    permission_write = Permission.MANAGE_RETENTION\n",
        "",
        ("tests/architecture/test_permissions.py",),
    ),
    Hole(
        "nobody asks for the permission that a page names",
        "tenants/organizations/access.py",
        "if permission not in tenant.granted:",
        "if permission not in Permission:",
        (f"{ROUTES}::test_without_the_permission_a_member_is_refused",),
    ),
    Hole(
        "a table has no policy",
        "portal/security/policies.py",
        "    for table in tenant_tables():\n        sql +=",
        '    for table in set(tenant_tables()) - {"people_pass"}:\n        sql +=',
        ("tests/architecture/test_row_level_security.py", "tests/architecture/test_reach.py"),
    ),
    Hole(
        "a process may delete evidence",
        "portal/security/grants.py",
        '"rights_certificate": Grant(web="SI"),',
        '"rights_certificate": Grant(web="SID"),',
        ("tests/architecture/test_reach.py",),
    ),
)

SWEEPS = tuple(sorted({sweep for hole in HOLES for sweep in hole.sweeps}))
