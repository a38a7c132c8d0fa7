from django.db import migrations, models


class Migration(migrations.Migration):
    """A terminal makes its own keys; what is shown once is a code for pairing. No earlier credential is such a code."""

    dependencies = [("premises", "0004_names")]

    operations = [
        migrations.RenameField("device", "credential_hash", "pairing_hash"),
        migrations.RenameField("device", "credential_issued_at", "pairing_issued_at"),
        migrations.AlterField("device", "pairing_issued_at", models.DateTimeField(verbose_name="Pairing code issued")),
        migrations.AddField(
            "device",
            "pairing_expires_at",
            models.DateTimeField(blank=True, null=True, verbose_name="Pairing code valid until"),
        ),
        migrations.AddField(
            "device", "pairing_used_at", models.DateTimeField(blank=True, null=True, verbose_name="Paired")
        ),
        migrations.AlterField(
            "device",
            "suspended_for",
            models.CharField(
                blank=True,
                choices=[
                    ("manual", "Suspended by a member"),
                    ("private_place", "The zone became a private place"),
                    ("no_alternative", "No other way to pass works at this door"),
                    ("not_cleared", "A rule no longer holds"),
                    ("key_copied", "Two machines use its key"),
                ],
                max_length=20,
                verbose_name="Suspended because",
            ),
        ),
    ]
