"""What this process is, and the secrets that go with it.

Only settings read the environment. A process is told what it is by CONSENTRY_ROLE, and gets the
database role and the keys of that role, nothing more.
"""

from pathlib import Path

from environs import Env

_env = Env()

# Secrets whose file was named and could not be read, or is empty: a system check refuses them (security.E001).
UNREADABLE_SECRETS: list[str] = []


def secret(name: str, default: str | None = None) -> str | None:
    """Read a secret from the file named by `<name>_FILE`, else from `<name>`.

    A file that is named and holds nothing is never replaced by something else: another key would open nothing of
    what the right one has locked, and would look as if everything were well.
    """
    path = _env.str(f"{name}_FILE", "")
    if not path:
        return _env.str(name, default)
    try:
        text = Path(path).read_text().strip()
    except (OSError, UnicodeDecodeError):
        text = ""
    if not text:
        UNREADABLE_SECRETS.append(name)
    return text or None


CONSENTRY_ROLE = _env.str("CONSENTRY_ROLE", "web", validate=lambda v: v in {"web", "recognition", "owner"})

SECRET_KEY = secret("SECRET_KEY")
# Cards, PINs and rotating codes hang on it (tenants/people/codes.py): replacing SECRET_KEY, keep the old one here.
PASS_KEY = secret("PASS_KEY") or (None if "PASS_KEY" in UNREADABLE_SECRETS else SECRET_KEY)

# Only the recognition worker gets the master key and the private capture key; the web process gets
# the public capture key, so that it cannot open a photo that it has queued.
MASTER_KEY = secret("MASTER_KEY") if CONSENTRY_ROLE == "recognition" else None
MASTER_KEY_NEXT = secret("MASTER_KEY_NEXT") if CONSENTRY_ROLE == "recognition" else None  # while a rotation runs
CAPTURE_KEY = secret("CAPTURE_KEY") if CONSENTRY_ROLE == "recognition" else None
CAPTURE_PUBLIC_KEY = secret("CAPTURE_PUBLIC_KEY")
SMS_GATEWAY_KEY = secret("SMS_GATEWAY_KEY") if CONSENTRY_ROLE == "web" else None

# Evidence is signed by those who speak for the property, never by the worker that looks at faces. Everybody may
# check it: one public key a line, those that have signed before beside the one that signs now.
EVIDENCE_KEY = secret("EVIDENCE_KEY") if CONSENTRY_ROLE == "web" else None
EVIDENCE_PUBLIC_KEYS = secret("EVIDENCE_PUBLIC_KEYS")
