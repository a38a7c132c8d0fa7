"""Why a photo is refused, in a code for machines and a sentence for people.

Read by pages and the API, so importing this must never load NumPy, a decoder or a model.
"""

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class RejectionCode(StrEnum):
    EMPTY_FILE = "empty_file"
    NOT_A_PHOTO = "not_a_photo"
    TOO_LARGE_FILE = "too_large_file"
    TOO_MANY_PIXELS = "too_many_pixels"
    ANIMATED = "animated"
    DAMAGED = "damaged"
    NO_FACE = "no_face"
    SEVERAL_FACES = "several_faces"
    FACE_TOO_SMALL = "face_too_small"
    BLURRED = "blurred"
    TOO_DARK = "too_dark"
    TOO_BRIGHT = "too_bright"
    UNEVEN_LIGHT = "uneven_light"
    TURNED_AWAY = "turned_away"
    TILTED = "tilted"
    EYES_COVERED = "eyes_covered"
    MOUTH_COVERED = "mouth_covered"
    NOT_LIVE = "not_live"


_SENTENCES: dict[RejectionCode, Promise] = {
    RejectionCode.EMPTY_FILE: _("The file is empty. Choose the photo again."),
    RejectionCode.NOT_A_PHOTO: _("This file is not a photo that we can read. Use a JPEG, PNG or WebP photo."),
    RejectionCode.TOO_LARGE_FILE: _("The file is larger than 10 MB. Use a smaller photo."),
    RejectionCode.TOO_MANY_PIXELS: _("The photo has more than 50 million pixels. Use a smaller photo."),
    RejectionCode.ANIMATED: _("The picture moves. Use one still photo."),
    RejectionCode.DAMAGED: _("The photo file is damaged or incomplete. Take or send the photo again."),
    RejectionCode.NO_FACE: _("No face was found. Look straight at the camera in good light and take the photo again."),
    RejectionCode.SEVERAL_FACES: _("There is more than one face in the photo. Take it again with one person only."),
    RejectionCode.FACE_TOO_SMALL: _("The face is too small in the photo. Move closer to the camera."),
    RejectionCode.BLURRED: _("The face is blurred. Hold the camera still and take the photo again."),
    RejectionCode.TOO_DARK: _("The face is too dark. Find more light and take the photo again."),
    RejectionCode.TOO_BRIGHT: _("The face is too bright. Turn away from the strong light and take the photo again."),
    RejectionCode.UNEVEN_LIGHT: _("One side of the face is dark. Turn to the light and take the photo again."),
    RejectionCode.TURNED_AWAY: _("The face is turned away. Look straight at the camera and take the photo again."),
    RejectionCode.TILTED: _("The head is tilted. Hold it upright and take the photo again."),
    RejectionCode.EYES_COVERED: _(
        "The eyes seem to be covered. Take off dark glasses, move hair aside and take the photo again."
    ),
    RejectionCode.MOUTH_COVERED: _(
        "Nose and mouth seem to be covered. Take off the mask or scarf and take the photo again."
    ),
    RejectionCode.NOT_LIVE: _(
        "This looks like a photo of a picture or of a screen. Stand before the camera yourself and take it again."
    ),
}


def sentence(code: RejectionCode | str) -> Promise:
    """What the person should do, translated when it is shown. ValueError for an unknown code."""
    return _SENTENCES[RejectionCode(code)]


class FaceRejected(ValueError):
    """The photo cannot be used; nothing of it is kept. The person may try again with another one."""

    def __init__(self, code: RejectionCode) -> None:
        super().__init__(code.value)
        self.code = code

    @property
    def sentence(self) -> Promise:
        return sentence(self.code)
