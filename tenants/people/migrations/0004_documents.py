from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0003_passes")]

    operations = [
        migrations.AddField(
            model_name="personidentity",
            name="document_hash",
            field=models.CharField(blank=True, editable=False, max_length=64, default=""),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="personidentity",
            constraint=models.UniqueConstraint(
                condition=models.Q(("document_hash", ""), _negated=True),
                fields=("tenant", "document_hash"),
                name="document_once_per_property",
                violation_error_code="document_taken",
                violation_error_message="Somebody with this document is on record here already.",
            ),
        ),
    ]
