from django.db import migrations, models

GONE = [
    ("zone", "zone_name_once_per_property"),
    ("accesspoint", "door_name_once_per_property"),
    ("device", "device_name_once_per_property"),
]


class Migration(migrations.Migration):
    """Names are unique where they are read: a zone in its place, a door in its zone, a device among those in use."""

    dependencies = [("premises", "0003_plans")]

    operations = [
        *[migrations.RemoveConstraint(model_name=model, name=name) for model, name in GONE],
        migrations.AddConstraint(
            model_name="zone",
            constraint=models.UniqueConstraint(
                fields=("tenant", "parent", "name"),
                name="zone_name_once_per_place",
                nulls_distinct=False,
                violation_error_code="name_taken",
                violation_error_message="There is already a zone of this name in the same place.",
            ),
        ),
        migrations.AddConstraint(
            model_name="accesspoint",
            constraint=models.UniqueConstraint(
                fields=("tenant", "zone", "name"),
                name="door_name_once_per_zone",
                violation_error_code="name_taken",
                violation_error_message="There is already a door of this name in this zone.",
            ),
        ),
        migrations.AddConstraint(
            model_name="device",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "retired"), _negated=True),
                fields=("tenant", "name"),
                name="device_name_once_in_use",
                violation_error_code="name_taken",
                violation_error_message="There is already a device of this name.",
            ),
        ),
    ]
