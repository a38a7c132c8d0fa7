"""What beat runs, and which queue a task goes to.

Every sweep reads its due dates from the database and may run twice without harm; nothing is
scheduled by a long countdown, which the broker would deliver again.
"""

CELERY_BEAT_SCHEDULE = {
    "retention-sweep": {"task": "rights.sweep_retention", "schedule": 60.0, "options": {"expires": 55}},
    "capture-sweep": {"task": "enrollment.sweep_captures", "schedule": 60.0, "options": {"expires": 55}},
}

CELERY_TASK_ROUTES = {
    "rights.erase_as_recognition": {"queue": "recognition"},
    "enrollment.process": {"queue": "recognition"},
    "matching.*": {"queue": "recognition"},
    "vault.*": {"queue": "recognition"},
}
