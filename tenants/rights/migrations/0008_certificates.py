from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("rights", "0010_retention")]

    operations = [
        migrations.AddField(
            model_name="erasure",
            name="told",
            field=models.PositiveSmallIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name="erasure",
            name="is_certified",
            field=models.BooleanField(default=False, editable=False, verbose_name="Certificate issued"),
        ),
        migrations.AddField(
            model_name="erasure",
            name="has_held",
            field=models.BooleanField(default=False, editable=False, verbose_name="Some of it is held"),
        ),
        migrations.AddIndex(
            model_name="erasure",
            index=models.Index(
                condition=models.Q(
                    ("completed_at__isnull", True), ("is_certified", False), ("has_held", True), _connector="OR"
                ),
                fields=["tenant", "next_try_at"],
                name="erasure_unfinished",
            ),
        ),
        migrations.AlterField(
            model_name="erasure",
            name="reason",
            field=models.CharField(
                choices=[('withdrawn', 'Consent withdrawn'), ('requested', 'Deletion requested'), ('stay_ended', 'Lease or stay ended'), ('retention', 'Retention period over'), ('unused', 'Not used for 180 days'), ('consent_lost', 'Consent no longer holds'), ('consent_over', 'The period of the consent is over'), ('not_assessed', 'The impact assessment was not renewed'), ('contract_ended', 'The processing contract ended'), ('elsewhere', 'Faces are kept in another place now'), ('door_removed', 'The last door that used faces was removed'), ('died', 'The person has died')],
                max_length=15,
                verbose_name="Reason",
            ),
        ),
    ]
