"""The document about roles says what the code does, and so does the page."""

from django.conf import settings

from portal.security.role_table import DOCUMENT, document
from portal.web.reads.members import role_table
from tenants.organizations.roles import ROLE_PERMISSIONS, SHARED_ACTS, Permission, Role


def test_the_document_is_what_the_code_says() -> None:
    written = (settings.BASE_DIR / "docs" / DOCUMENT).read_text(encoding="utf-8")
    assert written == document(), "Run: manage.py roles --write"


def test_the_page_has_every_right_of_every_role() -> None:
    table = role_table()
    shown = {str(row["label"]): row["cells"] for row in table["rows"]}
    assert shown == {str(right.label): [right in ROLE_PERMISSIONS[role] for role in Role] for right in Permission}
    assert [str(row["label"]) for row in table["shared"]] == [str(act.label) for act in SHARED_ACTS]


def test_nobody_but_an_owner_changes_who_may_do_what() -> None:
    assert [role for role, rights in ROLE_PERMISSIONS.items() if Permission.MANAGE_MEMBERS in rights] == [Role.OWNER]
    assert ROLE_PERMISSIONS[Role.OWNER] == set(Permission)
