from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("organizations", "0002_gate_facts")]

    operations = [
        migrations.AddField(
            model_name="property",
            name="facts_version",
            field=models.PositiveBigIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name="property",
            name="judged_version",
            field=models.PositiveBigIntegerField(default=0, editable=False),
        ),
    ]
