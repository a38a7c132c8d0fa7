from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("organizations", "0004_quality")]

    operations = [
        migrations.AddField(
            model_name="property",
            name=name,
            field=field,
        )
        for name, field in (
            ("authority_name", models.CharField(blank=True, max_length=80, verbose_name="Local authority")),
            ("authority_phone", models.CharField(blank=True, max_length=40, verbose_name="Its phone")),
            ("authority_address", models.CharField(blank=True, max_length=200, verbose_name="Its address")),
            ("authority_url", models.URLField(blank=True, verbose_name="Its website")),
        )
    ]
