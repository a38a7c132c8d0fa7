"""Celery shells. The names are permanent."""

from celery import shared_task


@shared_task(name="telling.watch")
def watch() -> None:
    from portal.telling import watching

    watching.watch()


@shared_task(name="telling.send")
def send() -> None:
    from portal.telling import sending

    sending.send_at_once()


@shared_task(name="telling.digest")
def digest() -> None:
    from portal.telling import digests

    digests.send_digests()
