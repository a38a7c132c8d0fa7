"""Why the recognition worker does not start: asked before it takes anything from its queue, read by the web process.

A photo that is taken up by a worker without its model would be lost, and its sender told to try again for nothing.
The web process may be on another machine than the models, so the worker says it, through the cache that both reach.
"""

from __future__ import annotations

import logging
import os
import sys
from dataclasses import dataclass
from enum import StrEnum
from typing import NoReturn

from django.conf import settings
from django.core.cache import cache
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from redis.exceptions import RedisError

from recognition.engine import cards, fetched, liveness, weights
from recognition.engine.cards import ModelRefused
from recognition.engine.liveness import Liveness
from recognition.engine.services import engine_path
from recognition.engine.weights import WeightsError

logger = logging.getLogger(__name__)

EXIT_CODE = os.EX_CONFIG  # what whoever keeps the worker running knows it by
# A worker that refuses tries again every half minute; of one that was taken away nothing should be said for ever.
KEPT_SECONDS = 3600
_KEY = "engine.refusal"


class Fault(StrEnum):
    MISSING = "missing"
    DAMAGED = "damaged"
    SETTINGS = "settings"


@dataclass(frozen=True, slots=True)
class Refusal:
    """What is wrong with which file, and the sentence for whoever runs the machine (English, with the place)."""

    fault: Fault
    file: str = ""
    reason: str = ""

    @property
    def sentence(self) -> str:
        """For the people of a property, in the language of whoever reads now."""
        return str(_SENTENCES[self.fault]) % {"file": self.file}


_SENTENCES: dict[Fault, Promise] = {
    Fault.MISSING: _(
        "Faces cannot be checked right now: the model file %(file)s is missing. Cards and PINs work. "
        "Tell whoever runs the portal."
    ),
    Fault.DAMAGED: _(
        "Faces cannot be checked right now: the model file %(file)s is damaged. Cards and PINs work. "
        "Tell whoever runs the portal."
    ),
    Fault.SETTINGS: _(
        "Faces cannot be checked right now: the face model is not set up. Cards and PINs work. "
        "Tell whoever runs the portal."
    ),
}


def find() -> Refusal | None:
    """What is wrong with the models of this process, every byte read; copies of packaged files are mended first.

    Loads no face library. A stand-in engine of a test has no model to look at.
    """
    if not engine_path().startswith("recognition.engine."):
        return None
    try:
        weights.provision(anew=True)
        fetched.verify(cards.chosen())
        previous = str(getattr(settings, "FACE_ENGINE_PREVIOUS", ""))
        if previous in cards.DESCRIBERS:
            fetched.verify(cards.describer(previous))
        if liveness.state() == Liveness.ON:
            liveness.verify()
    except ModelRefused as error:
        return Refusal(Fault.SETTINGS, reason=str(error))
    except WeightsError as error:
        return of(error)
    except OSError as error:
        return Refusal(Fault.DAMAGED, os.path.basename(error.filename or ""), str(error))
    return None


def of(error: WeightsError) -> Refusal:
    """What an error about a file means for the people of a property."""
    fault = Fault.MISSING if error.is_missing else Fault.DAMAGED if error.file else Fault.SETTINGS
    return Refusal(fault, error.file, str(error))


def require_models() -> None:
    """End this process with one sentence when its models are not in order, and let the portal know either way."""
    found = find()
    if found is not None:
        end(found)
    _tell(None)


def end(found: Refusal) -> NoReturn:
    """Tell the portal and whoever runs the machine, and end.

    SystemExit, because Celery logs what else a signal's receiver raises and goes on with the queue.
    """
    _tell(found)
    sys.stderr.flush()
    os.write(2, f"The recognition worker does not start: {found.reason}\n".encode())
    raise SystemExit(EXIT_CODE)


def known() -> Refusal | None:
    """What a recognition worker said last, if it refused. None also while the cache is down."""
    try:
        told = cache.get(_KEY)
        return Refusal(Fault(told["fault"]), str(told["file"]), str(told["reason"])) if told else None
    except (RedisError, OSError):
        return None


def _tell(found: Refusal | None) -> None:
    try:
        if found is None:
            cache.delete(_KEY)
        else:
            told = {"fault": found.fault.value, "file": found.file, "reason": found.reason}
            cache.set(_KEY, told, timeout=KEPT_SECONDS)
    except (RedisError, OSError):
        logger.warning("The cache cannot be reached; the portal does not know whether faces can be checked.")
