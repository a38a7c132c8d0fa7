"""Why an enrolment ended, in words: the photo's own reasons, and those of the way it took."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from recognition.engine import codes

QUEUE_DOWN = "queue_down"
TOO_LATE = "too_late"
INTERRUPTED = "interrupted"
NOT_CLEARED = "not_cleared"
REPLACED = "replaced"
WITHDRAWN = "withdrawn"
STOPPED = "stopped"
NO_CODE = "no_code"
UNKNOWN_CODE = "unknown_code"
CODE_TWICE = "code_twice"
MINOR = "minor"
ANOTHER_PERSON = "another_person"

_SENTENCES: dict[str, Promise] = {
    QUEUE_DOWN: _("The photo could not be handed over just now, and was deleted. Please try again in a few minutes."),
    TOO_LATE: _("Nobody took up the photo in time, and it was deleted. Please try again later."),
    INTERRUPTED: _("The work was interrupted and the photo is gone. Please take it again."),
    NOT_CLEARED: _("A rule no longer allowed it when the photo was checked. Nothing was kept."),
    REPLACED: _("A newer photo took its place."),
    WITHDRAWN: _("The consent ended. Nothing was kept."),
    STOPPED: _("The batch was stopped. The photo was deleted unread."),
    NO_CODE: _("The file's name does not begin with a person's code. The code stands on the person's page."),
    UNKNOWN_CODE: _("Nobody here has this code."),
    CODE_TWICE: _("Two people have this code. Use the whole number from the person's address."),
    ANOTHER_PERSON: _(
        "This photo does not show the face that is kept for this person. Nothing of it was kept. "
        "If the earlier photo was the wrong one, stop the face and begin again."
    ),
    MINOR: _("This is a minor. A second member must say yes first, on the person's page."),
}


def sentence(code: str) -> str | Promise:
    """Return the sentence for a reason code; an empty string for none."""
    if not code:
        return ""
    return _SENTENCES[code] if code in _SENTENCES else codes.sentence(code)
