"""Wait until the web process answers, or say why it will not."""

import time
import urllib.error
import urllib.request

from portal.stack.children import Child
from portal.stack.failure import StackError

HEALTHY_SECONDS = 60.0
# A process that answers with an error after that long will not get better by waiting.
UNWELL_SECONDS = 5.0


def wait_until_healthy(web: Child, *, url: str) -> None:
    """Return once `url`/healthz answers 200; raises StackError with the reason when it will not."""
    patience = time.monotonic() + HEALTHY_SECONDS
    said, unwell_since = "it gave no answer", 0.0
    while time.monotonic() < patience:
        if not web.is_running():
            raise StackError(f"The web process ended at once: {web.last_line()}", f"The whole log is {web.log}.")
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=5):  # noqa: S310 - our own address
                return
        except urllib.error.HTTPError as error:
            said = f"it answered {error.code}"
            unwell_since = unwell_since or time.monotonic()
            patience = min(patience, unwell_since + UNWELL_SECONDS)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            pass
        time.sleep(0.05)
    raise StackError(f"The web process is not well: {said} on {url}/healthz.", f"Its log is {web.log}.")
