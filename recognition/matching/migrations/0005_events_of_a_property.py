from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('matching', '0004_reported'),
        ('organizations', '0006_clocks'),
        ('people', '0009_last_used'),
        ('premises', '0005_pairing'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='doorevent',
            index=models.Index(fields=['tenant', 'at'], name='event_of_property'),
        ),
    ]
