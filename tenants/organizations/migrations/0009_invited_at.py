from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("organizations", "0008_alerts")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="invited_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
    ]
