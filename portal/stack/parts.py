"""System parts that the tests need, through apt when absent and allowed, otherwise named."""

import ctypes.util
import os
import shutil
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    """Debian packages, how to see that it is there, and what goes without it."""

    package: str
    is_there: Callable[[], bool]
    without: str


def has_program(*names: str) -> bool:
    return any(shutil.which(name) for name in names)


def has_cjk_font() -> bool:
    if not shutil.which("fc-list"):
        return False
    return bool(subprocess.run(["fc-list", ":lang=zh"], capture_output=True, text=True, check=False).stdout.strip())


def has_pango() -> bool:
    """WeasyPrint loads these three by name; without one of them it cannot write a PDF."""
    return all(ctypes.util.find_library(name) for name in ("pango-1.0", "pangoft2-1.0", "harfbuzz-subset"))


PARTS = {
    "chromium": Part(
        "chromium",
        lambda: has_program("chromium", "chromium-browser", "google-chrome"),
        "the browser tests are skipped",
    ),
    "font": Part("fonts-noto-cjk", has_cjk_font, "Chinese text in screenshots shows boxes"),
    "pango": Part("libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0", has_pango, "PDF files cannot be written"),
    "gettext": Part("gettext", lambda: has_program("xgettext"), "`make messages` cannot collect new texts"),
}


def provide(names: Iterable[str], *, say: Callable[[str], None]) -> None:
    """Install what is absent. Never fails: what stays absent is said, and what is skipped for it."""
    absent = [PARTS[name] for name in names if not PARTS[name].is_there()]
    if absent and (prefix := privileges()) is not None:
        packages = [package for part in absent for package in part.package.split()]
        say(f"Installing {' '.join(packages)} with apt-get (a minute or two) …")
        apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-y"]
        subprocess.run([*apt, "update"], capture_output=True, check=False)
        subprocess.run([*apt, "install", "--no-install-recommends", *packages], capture_output=True, check=False)
        absent = [part for part in absent if not part.is_there()]
    for part in absent:
        say(f"{part.package} is missing and cannot be installed from here: {part.without}.")


def privileges() -> list[str] | None:
    """How to run apt-get: as root, through a sudo that asks nothing, or not at all."""
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return []
    if (
        shutil.which("sudo")
        and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0
    ):
        return ["sudo", "-n"]
    return None
