"""What `make run` prints when it is up: the address, the accounts, the next three things to try."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from portal.stack.run import Stack

NEXT = """\
Next, try:
  1. Sign in at {url}/ as the owner and look at the dashboard of the compound.
  2. Open the personal page above in a private window and answer as the resident would.
  3. Enrol a face there with the camera or a photo, press stop, and watch it go everywhere, under Erasures."""


def greeting(stack: "Stack", *, seconds: float) -> str:
    """The closing text. The accounts are what the seed command printed when it last ran."""
    seeded = stack.layout.log / "seed.log"
    accounts = seeded.read_text().strip() if seeded.exists() else ""
    kept = f"{stack.layout.mail}, invitations in {stack.layout.outbox}"
    letters = f"Letters (no mail server here) are files in {kept}; logs are in {stack.layout.log}."
    address = f"Consentry is at {stack.url}/ (up in {seconds:.1f} s)"
    parts = (address, accounts, NEXT.format(url=stack.url), f"{letters}\nCtrl-C stops everything; your data stays.")
    return "\n\n".join(part for part in parts if part)
