"""What each property came to when it was last counted."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


def number():
    return models.PositiveIntegerField(default=0)


NUMBERS = (
    "met",
    "due",
    "blocking",
    "people",
    "faces",
    "open_requests",
    "overdue_requests",
    "active_devices",
    "suspended_devices",
    "silent_devices",
)


class Migration(migrations.Migration):
    dependencies = [
        ("organizations", "0010_oversight"),
        ("rights", "0011_lost"),
    ]

    operations = [
        migrations.CreateModel(
            name="PropertyFigures",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                *((name, number()) for name in NUMBERS),
                ("counted_at", models.DateTimeField(verbose_name="Counted")),
                (
                    "tenant",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.property",
                    ),
                ),
            ],
            options={
                "verbose_name": "figures of a property",
                "verbose_name_plural": "figures of properties",
                "constraints": [
                    models.UniqueConstraint(fields=("tenant",), name="figures_once_per_property"),
                ],
            },
        ),
    ]
