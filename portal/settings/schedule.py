"""What beat runs, and which queue a task goes to.

Every sweep reads its due dates from the database and may run twice without harm; nothing is
scheduled by a long countdown, which the broker would deliver again.
"""

from environs import Env

from portal.settings.audit import AUDIT_SCHEDULE

_EVERY = Env().float("SWEEP_SECONDS", 60.0)

CELERY_BEAT_SCHEDULE = AUDIT_SCHEDULE | {
    "retention-sweep": {"task": "rights.sweep_retention", "schedule": _EVERY, "options": {"expires": 55}},
    "erasure-sweep": {"task": "rights.sweep_erasures", "schedule": _EVERY, "options": {"expires": 55}},
    # Days, not minutes: a complaint that nobody answered becomes everybody's on its fifth working day.
    "complaint-sweep": {"task": "rights.sweep_complaints", "schedule": 30 * _EVERY, "options": {"expires": 1_700}},
    "ledger-sweep": {"task": "rights.sweep_ledger", "schedule": _EVERY, "options": {"expires": 55}},
    "package-sweep": {"task": "rights.sweep_packages", "schedule": _EVERY, "options": {"expires": 55}},
    # Dates pass without anybody acting; a property that was judged today costs nothing.
    "gate-sweep": {"task": "clearance.judge", "schedule": _EVERY, "options": {"expires": 55}},
    "invitation-sweep": {"task": "people.sweep_invitations", "schedule": 5 * _EVERY, "options": {"expires": 290}},
    "request-sweep": {"task": "rights.sweep_requests", "schedule": _EVERY, "options": {"expires": 55}},
    "capture-sweep": {"task": "enrollment.sweep_captures", "schedule": _EVERY, "options": {"expires": 55}},
    "order-sweep": {"task": "edge.expire_orders", "schedule": _EVERY, "options": {"expires": 55}},
    "terminal-sweep": {"task": "edge.top_up", "schedule": 5 * _EVERY, "options": {"expires": 290}},
    "alert-sweep": {"task": "security.sweep_alerts", "schedule": _EVERY, "options": {"expires": 55}},
    "notification-sweep": {"task": "telling.watch", "schedule": 5 * _EVERY, "options": {"expires": 290}},
    "notification-letters": {"task": "telling.send", "schedule": _EVERY, "options": {"expires": 55}},
    "digest-sweep": {"task": "telling.digest", "schedule": 5 * _EVERY, "options": {"expires": 290}},
    # Failed tasks are kept for a month.
    "operations-expiry": {"task": "operations.expire", "schedule": 86_400.0, "options": {"expires": 3_500}},
    # Numbers for the page over many properties (decision 24).
    "figure-sweep": {"task": "web.count_properties", "schedule": 10 * _EVERY, "options": {"expires": 590}},
    # Answers under an idempotency key are kept for a day.
    "answer-sweep": {"task": "security.sweep_answers", "schedule": 30 * _EVERY, "options": {"expires": 1_700}},
    "webhook-sweep": {"task": "security.watch_webhooks", "schedule": 10 * _EVERY, "options": {"expires": 590}},
    "nonce-sweep": {"task": "edge.sweep_nonces", "schedule": 5 * _EVERY, "options": {"expires": 290}},
}

CELERY_TASK_ROUTES = {
    "rights.erase_as_recognition": {"queue": "recognition"},
    "rights.empty_as_recognition": {"queue": "recognition"},
    "enrollment.process": {"queue": "recognition"},
    "enrollment.process_batch": {"queue": "recognition"},
    "matching.*": {"queue": "recognition"},
    "edge.seal_for_person": {"queue": "recognition"},
    "edge.seal_for_device": {"queue": "recognition"},
    "vault.*": {"queue": "recognition"},
}
