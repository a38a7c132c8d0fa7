import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('enrollment', '0003_batches'),
        ('people', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='enrollment',
            name='resembles',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person'),
        ),
        migrations.AddField(
            model_name='enrollment',
            name='warning',
            field=models.CharField(blank=True, editable=False, max_length=30, verbose_name='Note'),
        ),
    ]
