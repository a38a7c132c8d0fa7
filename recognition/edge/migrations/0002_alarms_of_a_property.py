from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('edge', '0001_initial'),
        ('organizations', '0006_clocks'),
        ('premises', '0005_pairing'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='devicealarm',
            index=models.Index(fields=['tenant', 'last_at'], name='alarm_of_property'),
        ),
    ]
