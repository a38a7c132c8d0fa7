"""All papers of a notice as one file: a worker draws sheet after sheet (Measures Art 5, 13).

Which sheets they are, and where their codes lead, is settled when they are ordered: a worker has no request to read
the portal's address from.
"""

import io
import zipfile
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.web.pdf import CannotDraw, Drawer, draw
from portal.web.reads import sheets
from portal.web.reads.ways import doors_of
from portal.work import runners, services
from portal.work.kinds import JobKind
from portal.work.models import Job
from portal.work.runners import Order, Result, Work
from tenants.organizations.models import Property, User
from tenants.organizations.roles import Permission
from tenants.organizations.scoping import tenant_context
from tenants.premises.models import AccessPoint
from tenants.transparency.models import Notice

WHAT = "notice_papers"
MOST_SHEETS = 150  # of a quarter of a megabyte each
SLICE = 25  # so many sheets at most are drawn anew when a worker dies


class Paper(NamedTuple):
    """One sheet in one language. `door` is a key, empty for the sheet of all doors."""

    sheet: str
    language: str
    door: str = ""


def order(
    *,
    tenant: Property,
    actor: User,
    notice: Notice,
    address: str,
    papers: Sequence[str],
    languages: Sequence[str],
) -> Job:
    """Have sheets drawn, door by door where they hang. `address` is where their codes lead.

    Raises ValidationError: `draft`, which hangs nowhere, `too_many_sheets`, and what starting long work raises.
    """
    if not notice.content_hash:
        raise ValidationError(_("Only a published notice has a poster."), code="draft")
    wanted = list(_plan(tenant, papers, languages))
    if len(wanted) > MOST_SHEETS:
        raise ValidationError(
            _("Sheets of your choice: %(count)s. One file holds %(most)s: choose fewer papers, or one language."),
            code="too_many_sheets",
            params={"count": f"{len(wanted):,}", "most": MOST_SHEETS},
        )
    return services.start(
        tenant=tenant,
        actor=actor,
        kind=JobKind.PAPERS,
        what=WHAT,
        asked={"notice": str(notice.pk), "address": address, "papers": wanted},
        total=len(wanted),
    )


def _plan(tenant: Property, papers: Sequence[str], languages: Sequence[str]) -> Iterator[Paper]:
    """Name the sheets. Where no other way opens every door, a sheet for all could name none: then each door has its."""
    doors = [str(door.pk) for door in sorted(sheets.face_doors(tenant), key=lambda door: door.path)] or [""]
    shared = [""] if doors_of(tenant).methods else doors
    for name in papers:
        sheet = sheets.SHEETS[name]
        for door in doors if sheet.hangs_at_a_door else shared:
            yield from (Paper(name, code, door) for code in (languages[:1] if sheet.is_bilingual else languages))


def run(order: Order, *, drawer: Drawer = draw) -> Result:
    """Draw what was ordered into a zip, door by door in folders. What an earlier worker drew is not drawn again."""
    tenant, asked = order.tenant, order.asked
    papers = [Paper(*paper) for paper in asked["papers"]]
    with tenant_context(tenant.pk):
        notice = Notice.objects.filter(tenant=tenant).published().get(pk=asked["notice"])
        doors = _doors(tenant, papers)
    packed = io.BytesIO(order.kept)
    drawn = _names(packed)
    order.step(len(drawn), total=len(papers))
    for place, paper in enumerate(papers, start=1):
        if paper.door not in doors:
            continue  # it is gone since
        folder, door = doors[paper.door]
        name = _name(paper, folder)
        if name in drawn:
            continue
        with tenant_context(tenant.pk):
            try:
                content = sheets.pdf(
                    sheet=sheets.SHEETS[paper.sheet],
                    tenant=tenant,
                    notice=notice,
                    address=asked["address"],
                    language=paper.language,
                    door=door,
                    drawer=drawer,
                )
            except CannotDraw as error:
                raise ValidationError(_("No PDF can be made at the moment"), code="no_pdf") from error
        with zipfile.ZipFile(packed, "a") as archive:
            archive.writestr(name, content)
        order.step(place, kept=None if place % SLICE else packed.getvalue())
    return Result(packed.getvalue(), f"{tenant.slug}-v{notice.version}.zip")


def _doors(tenant: Property, papers: Sequence[Paper]) -> dict[str, tuple[str, AccessPoint | None]]:
    """Return the doors by their keys, each with the name of its folder; the empty key stands for all doors."""
    keys = list(dict.fromkeys(paper.door for paper in papers if paper.door))
    rows = {str(door.pk): door for door in AccessPoint.objects.filter(tenant=tenant, pk__in=keys)}
    numbered = [(f"{place:02}", key) for place, key in enumerate(keys, start=1) if key in rows]
    return {"": ("", None)} | {key: (f"{number}-{rows[key].name}", rows[key]) for number, key in numbered}


def _names(packed: io.BytesIO) -> set[str]:
    if not packed.getvalue():
        return set()
    with zipfile.ZipFile(packed) as archive:
        return set(archive.namelist())


def _name(paper: Paper, folder: str) -> str:
    """Return where a sheet lies in the file; a door's name may hold what no name of a folder may."""
    sheet = sheets.SHEETS[paper.sheet]
    name = get_valid_filename(f"{sheet.title}.pdf" if sheet.is_bilingual else f"{sheet.title}-{paper.language}.pdf")
    return f"{get_valid_filename(folder)}/{name}" if folder else name


def register() -> None:
    work = Work(
        title=gettext_lazy("All papers of a notice"),
        permission=Permission.VIEW_NOTICES,
        run=run,
        page="notices",
        resumes=True,
        names_people=False,
    )
    runners.register(JobKind.PAPERS, WHAT, work)
