"""How much a handler or a property may use; nobody has a limit yet."""

import django.core.validators
from django.db import migrations, models

LABELS = {
    "max_devices": "Most devices",
    "max_people": "Most people",
    "max_photos": "Most photos in one batch",
    "max_requests": "Most API requests in a minute",
}


def limit(label):
    return models.PositiveIntegerField(
        blank=True, null=True, validators=[django.core.validators.MinValueValidator(1)], verbose_name=label
    )


class Migration(migrations.Migration):
    dependencies = [
        ("organizations", "0010_oversight"),
    ]

    operations = [
        migrations.AddField(model_name=model, name=name, field=limit(label))
        for model in ("handler", "property")
        for name, label in LABELS.items()
    ]
