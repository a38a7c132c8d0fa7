"""The files of a package: a page that opens offline, the same on paper, and everything for machines.

Written by a worker, in the language of the request; it reads no database and fetches nothing.
"""

import json
import logging
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from portal.web.pdf import STYLES, CannotDraw, Drawer, draw
from portal.web.reads import packages as reads
from tenants.rights.kinds import PackageKind
from tenants.rights.package_renderers import Step
from tenants.rights.transfer import transfer

TEMPLATE, STYLE = "packages/package.html", "package.css"
SCHEMA = settings.BASE_DIR / "static" / "schemas" / "transfer-1.0.schema.json"
# On paper the newest of them: thousands of lines would take a worker minutes, and nobody would read them there.
PAPER_EVENTS = 500
logger = logging.getLogger(__name__)


def write(
    contents: dict[str, Any], *, kind: PackageKind, language: str, step: Step, drawer: Drawer = draw
) -> dict[str, bytes]:
    """Return the files by name. A machine without Pango leaves the PDF out; the page says the same."""
    if kind == PackageKind.TRANSFER:
        return {
            "read-me.txt": _read_me(_transfer_files()),
            "transfer.json": _json(transfer(contents)),
            "transfer.schema.json": SCHEMA.read_bytes(),
        }
    contents = contents | {"events": reads.events(contents["events"])}
    machine = _json(contents)
    step(10)
    files = {"package.html": _page(contents, language)}
    step(30)
    try:
        files["package.pdf"] = _paper(contents, language, drawer)
    except CannotDraw as error:
        logger.error("A package without its PDF: %s", error)
    step(95)
    return files | {"package.json": machine, "read-me.txt": _read_me(_access_files("package.pdf" in files))}


def _page(contents: dict[str, Any], language: str) -> bytes:
    context = _context(contents, language) | {"style": (STYLES / STYLE).read_text()}
    return render_to_string(TEMPLATE, context).encode()


def _paper(contents: dict[str, Any], language: str, drawer: Drawer) -> bytes:
    events = contents["events"]
    context = _context(contents | {"events": events[:PAPER_EVENTS]}, language)
    context["left_out"] = max(0, len(events) - PAPER_EVENTS)
    return bytes(drawer(TEMPLATE, context, styles=[STYLE]).write_pdf())


def _context(contents: dict[str, Any], language: str) -> dict[str, Any]:
    return {"contents": contents, "language": language} | reads.readable(contents)


def _json(body: dict[str, Any]) -> bytes:
    return (json.dumps(body, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2) + "\n").encode()


def _access_files(has_paper: bool) -> list[tuple[str, str]]:
    paper = [("package.pdf", _("The same, to print."))] if has_paper else []
    return [
        ("package.html", _("What is held about you, to read. It opens in any browser, without the internet.")),
        *paper,
        ("package.json", _("The same for machines, with every technical detail.")),
    ]


def _transfer_files() -> list[tuple[str, str]]:
    return [
        ("transfer.json", _("Your data in a form that another system can read. Hand it on to whom you like.")),
        ("transfer.schema.json", _("The description of that form (JSON Schema), for whoever reads it by machine.")),
    ]


def _read_me(files: list[tuple[str, str]]) -> bytes:
    lines = [f"{name}\n    {about}" for name, about in files]
    lines.append("manifest.json, SHA256SUMS\n    " + _("To check that nothing was changed: sha256sum -c SHA256SUMS"))
    lines.append(_("There is no picture of your face and no face template in here."))
    return ("\n\n".join(lines) + "\n").encode()
