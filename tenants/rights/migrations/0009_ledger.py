from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("rights", "0008_certificates")]

    operations = [
        migrations.CreateModel(
            name="LedgerReplay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reached", models.PositiveBigIntegerField(editable=False, verbose_name="Read up to number")),
                ("ordered", models.PositiveIntegerField(editable=False, verbose_name="Ordered again")),
                ("gone", models.PositiveIntegerField(editable=False, verbose_name="Persons not in this database")),
                ("replayed_at", models.DateTimeField(editable=False, verbose_name="Replayed")),
            ],
            options={
                "verbose_name": "replay of the ledger",
                "verbose_name_plural": "replays of the ledger",
                "ordering": ["-reached"],
            },
        ),
        migrations.AddConstraint(
            model_name="erasure",
            constraint=models.UniqueConstraint(fields=["ledger_number"], name="one_erasure_per_ledger_number"),
        ),
        migrations.AddIndex(
            model_name="erasure",
            index=models.Index(
                fields=["tenant"], condition=Q(ledger_number__isnull=True), name="erasure_not_in_the_ledger"
            ),
        ),
    ]
