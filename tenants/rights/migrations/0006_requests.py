import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0008_face_stored"), ("rights", "0009_ledger")]

    operations = [
        migrations.AddField(
            model_name="identitycode",
            name="person",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.person",
            ),
        ),
        migrations.AddField(
            model_name="identitycode",
            name="delivery",
            field=models.CharField(
                choices=[
                    ("page", "On the tracking page only"),
                    ("waiting", "Waits to be sent"),
                    ("sent", "Sent"),
                    ("failed", "Could not be sent"),
                ],
                default="waiting",
                editable=False,
                max_length=10,
                verbose_name="Delivery",
            ),
        ),
        migrations.AddField(
            model_name="identitycode",
            name="sends",
            field=models.PositiveSmallIntegerField(default=0, editable=False, verbose_name="Tries to send"),
        ),
        migrations.AddField(
            model_name="identitycode",
            name="next_try_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AlterField(
            model_name="identitycode",
            name="code_hash",
            field=models.CharField(blank=True, editable=False, max_length=64),
        ),
    ]
