"""The zip of an evidence bundle: every byte of it is either signed or has only one way to be.

Files lie in it in the order of their names, not compressed, with one fixed date. So the files alone decide about each
byte of the zip, and a changed frame is found like a changed file. `sha256sum` and `openssl` check it without us
(docs/evidence.md).
"""

import base64
import hashlib
import io
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from tenants.rights import signing

MANIFEST, SIGNATURE, KEY = "manifest.sha256", "manifest.sig", "public-key.pem"
MOST_BYTES = 200_000_000
_WHEN = (1980, 1, 1, 0, 0, 0)
_DAMAGED = (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError, RuntimeError)


@dataclass(frozen=True)
class Checked:
    """What came of a check: valid when there is no fault. `files` are those that could be read."""

    faults: list[str]
    key_id: str = ""
    files: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def is_valid(self) -> bool:
        return not self.faults


def pack(files: Mapping[str, bytes]) -> bytes:
    """Add the list of fingerprints, its signature and the public key; return the zip.

    Raises ImproperlyConfigured in a process that has no evidence key.
    """
    key_id = signing.sign(b"").key_id
    everything = dict(files) | {KEY: _pem(signing.public_keys()[key_id])}
    manifest = _manifest(everything)
    return _zip(everything | {MANIFEST: manifest, SIGNATURE: base64.b64decode(signing.sign(manifest).signature)})


def check(archive: bytes, *, key: bytes | None = None) -> Checked:
    """Say whether a bundle is byte for byte what was signed; the faults are English sentences.

    By the installation's public keys, or by `key`: a PEM that the reader got from somewhere else than the bundle.
    """
    try:
        files = _read(archive)
    except _DAMAGED as error:
        return Checked([f"This is no bundle that can be read: {error}"])
    missing = [name for name in (MANIFEST, SIGNATURE, KEY) if name not in files]
    if missing:
        return Checked([f"Missing: {name}" for name in missing], files=files)
    faults = _differences(files)
    if _zip(files) != archive:
        faults.append("The zip was made or changed by somebody else.")
    try:
        known = {signing.key_id(raw): raw for raw in ([_raw(key)] if key else signing.public_keys().values())}
    except ValueError as error:
        return Checked([*faults, f"The key that was given cannot be read: {error}"], files=files)
    signer = next((name for name, raw in known.items() if _is_signed(files, raw)), "")
    if not signer:
        faults.append("The list of fingerprints is not signed by a known key.")
    elif files[KEY] != _pem(known[signer]):
        faults.append(f"{KEY} is not the key that signed.")
    return Checked(faults, key_id=signer, files=files)


def _differences(files: Mapping[str, bytes]) -> list[str]:
    """Compare the files with the list: changed, missing, too many, or a list that is written otherwise."""
    listed = {}
    for line in files[MANIFEST].decode("utf-8", errors="replace").splitlines():
        digest, _gap, name = line.partition("  ")
        listed[name] = digest
    there = {name: content for name, content in files.items() if name not in (MANIFEST, SIGNATURE)}
    faults = [f"Missing: {name}" for name in sorted(listed.keys() - there.keys())]
    faults += [f"Not in the list: {name}" for name in sorted(there.keys() - listed.keys())]
    for name in sorted(listed.keys() & there.keys()):
        if hashlib.sha256(there[name]).hexdigest() != listed[name]:
            faults.append(f"Changed: {name}")
    if not faults and _manifest(there) != files[MANIFEST]:
        faults.append(f"Changed: {MANIFEST}")
    return faults


def _manifest(files: Mapping[str, bytes]) -> bytes:
    rows = [f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items())]
    return "".join(rows).encode()


def _is_signed(files: Mapping[str, bytes], raw: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(raw).verify(files[SIGNATURE], files[MANIFEST])
    except InvalidSignature:
        return False
    return True


def _zip(files: Mapping[str, bytes]) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as opened:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(name, date_time=_WHEN)
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            opened.writestr(entry, content)
    return archive.getvalue()


def _read(archive: bytes) -> dict[str, bytes]:
    """Return the files of a zip. Raises one of `_DAMAGED`."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        entries = opened.infolist()
        if sum(entry.file_size for entry in entries) > MOST_BYTES:
            raise ValueError("it is too large")
        return {entry.filename: opened.read(entry) for entry in entries}


def _pem(raw: bytes) -> bytes:
    public = Ed25519PublicKey.from_public_bytes(raw)
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def _raw(pem: bytes) -> bytes:
    """Return the 32 bytes of a public key. Raises ValueError."""
    public = load_pem_public_key(pem)
    if not isinstance(public, Ed25519PublicKey):
        raise ValueError("it is no Ed25519 key")
    return public.public_bytes_raw()
