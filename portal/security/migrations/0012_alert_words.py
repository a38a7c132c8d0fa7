import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("security", "0011_webhook_of_alerts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="alert", name="count", field=models.PositiveIntegerField(default=1, verbose_name="Times it rang")
        ),
        migrations.AlterField(model_name="alert", name="first_at", field=models.DateTimeField(verbose_name="First")),
        migrations.AlterField(
            model_name="alert", name="handled_at", field=models.DateTimeField(null=True, verbose_name="Handled")
        ),
        migrations.AlterField(
            model_name="alert",
            name="handled_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="Handled by",
            ),
        ),
        migrations.AlterField(model_name="alert", name="last_at", field=models.DateTimeField(verbose_name="Last")),
        migrations.AlterField(
            model_name="alert",
            name="severity",
            field=models.CharField(
                choices=[("high", "High"), ("medium", "Medium"), ("low", "Low")],
                max_length=10,
                verbose_name="Severity",
            ),
        ),
        migrations.AlterField(
            model_name="alert",
            name="state",
            field=models.CharField(
                choices=[("new", "Open"), ("handled", "Handled"), ("false_alarm", "False alarm")],
                default="new",
                max_length=20,
                verbose_name="State",
            ),
        ),
        migrations.AlterField(
            model_name="alert",
            name="subject",
            field=models.CharField(blank=True, max_length=100, verbose_name="About"),
        ),
    ]
