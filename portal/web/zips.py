"""Photos out of a zip, in memory and bounded: an archive can claim to be anything."""

import lzma
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

MAX_FILES = 2_000
MAX_UNPACKED = 1_000_000_000
START = b"PK\x03\x04"
# How each line of an archive's list begins. Counted before the list is read: 50 MB of lines take half a gigabyte there.
_LISTED = b"PK\x01\x02"
MAX_LISTED = 5 * MAX_FILES  # with folders, and what computers put beside each photo
# What computers put beside photos by themselves.
_LITTER = ("__MACOSX/", ".", "Thumbs.db", "desktop.ini")
_DAMAGED = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, NotImplementedError, EOFError, OSError, ValueError, RuntimeError,
)  # fmt: skip


def photos(archive: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield (name, content) of each file, one at a time; of one that is too large just enough to show that it is.

    Raises ValidationError with a code: `damaged`, `encrypted`, `too_many_files`, `too_large`.
    """
    if archive.count(_LISTED) > MAX_LISTED:
        raise ValidationError(_("The zip holds more than 2,000 files."), code="too_many_files")
    try:
        with zipfile.ZipFile(BytesIO(archive)) as opened:
            entries = [entry for entry in opened.infolist() if not entry.is_dir() and not is_litter(entry.filename)]
            if len(entries) > MAX_FILES:
                raise ValidationError(_("The zip holds more than 2,000 files."), code="too_many_files")
            if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
                raise ValidationError(_("The zip is too large when it is unpacked (1 GB)."), code="too_large")
            for entry in entries:
                if entry.flag_bits & 0x1:
                    raise ValidationError(_("The zip is locked with a password. Make one without."), code="encrypted")
                with opened.open(entry) as file:
                    yield _name(entry), file.read(settings.MAX_UPLOAD_BYTES + 1)
    except _DAMAGED as error:
        raise ValidationError(_("The zip is damaged. Make it again."), code="damaged") from error


def is_litter(name: str) -> bool:
    return name.startswith("__MACOSX/") or name.rsplit("/", 1)[-1].startswith(_LITTER)


def _name(entry: zipfile.ZipInfo) -> str:
    """Return the name; a Chinese Windows writes GBK without saying so, which zipfile reads as cp437.

    Some programs there part folders by a backslash.
    """
    name = entry.filename
    if not entry.flag_bits & 0x800:
        with suppress(UnicodeEncodeError, UnicodeDecodeError):
            name = name.encode("cp437").decode("gbk")
    return name.replace("\\", "/")
