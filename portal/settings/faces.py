"""Engine, gallery, and how long a photo may wait. Keys stay in `base`, which knows what this process is."""

from pathlib import Path

from environs import Env

_env = Env()
_ROOT = Path(__file__).resolve().parents[2]

# -- Engine ----------------------------------------------------------------------------------------
FACE_ENGINE = "recognition.engine.deepface_engine.DeepFaceEngine"
# A second engine, while people enrol again after a change of the model: a face that the first does not know is
# compared once more, by this one and with the templates made by it. Empty: older templates wait unused.
FACE_ENGINE_PREVIOUS = _env.str("FACE_ENGINE_PREVIOUS", "")
# The describing model (docs/model-cards.md). Any but Dlib comes by no package: `manage.py provision_models --model`.
FACE_MODEL = _env.str("FACE_MODEL", "Dlib")
FACE_MODEL_SHA256 = _env.dict("FACE_MODEL_SHA256", {})  # of its files: name=sum
# As measured on your own pairs; empty: the one of its card.
FACE_MODEL_THRESHOLD = _env.float("FACE_MODEL_THRESHOLD", None, validate=lambda v: v is None or 0 < v < 1)
FACE_MODEL_LICENCE_REASON = _env.str("FACE_MODEL_LICENCE_REASON", "")  # why a non-commercial model may be used here
GALLERY_MEGABYTES = _env.int("GALLERY_MEGABYTES", 512)  # of faces in a recognition worker's memory
DEEPFACE_HOME = _env.path("DEEPFACE_HOME", _ROOT / "var" / "models")
# auto: a liveness test is required wherever its weights are in DEEPFACE_HOME. off: never.
FACE_ANTI_SPOOFING = _env.str("FACE_ANTI_SPOOFING", "auto", validate=lambda v: v in {"auto", "off"})
FACE_ANTI_SPOOFING_SHA256 = _env.list("FACE_ANTI_SPOOFING_SHA256", [])  # of its two files, once somebody fetched them

# -- Photos on their way ---------------------------------------------------------------------------
CAPTURE_LIFETIME_SECONDS = 600  # an unprocessed photo is deleted after ten minutes
# A photo takes a worker a second; one that did not come back after this is gone with its worker.
PROCESSING_SECONDS = _env.int("PROCESSING_SECONDS", 60)
BATCH_LIFETIME_SECONDS = 7200  # one of many handed in together waits for its turn
MATCH_TIMEOUT_SECONDS = 10  # a door does not wait longer; the card and the PIN are beside it
# -- Erasures --------------------------------------------------------------------------------------
# The ledger that a restored backup is compared with. Never in the database's backup; shared by all nodes.
LEDGER = "tenants.rights.ledger_file.FileLedger"
LEDGER_DIR = _env.path("LEDGER_DIR", _ROOT / "var" / "ledger")
# A store that has not answered an order to erase is asked again after this.
ERASURE_RESEND_SECONDS = _env.int("ERASURE_RESEND_SECONDS", 60)
# A package whose worker gave no sign of life for so long is built by another one. No task lives longer
# (CELERY_TASK_TIME_LIMIT), so nothing is taken out of living hands.
PACKAGE_RESEND_SECONDS = _env.int("PACKAGE_RESEND_SECONDS", 300)
