"""A package that a member stops while it is built, and since when it is."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('rights', '0012_figures'),
    ]

    operations = [
        migrations.AddField(
            model_name='package',
            name='begun_at',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AlterField(
            model_name='package',
            name='state',
            field=models.CharField(choices=[('waiting', 'Waits for a worker'), ('building', 'Being built'), ('ready', 'Ready'), ('failed', 'Could not be built'), ('stopped', 'Stopped by a member'), ('erased', 'Erased')], default='waiting', max_length=10, verbose_name='State'),
        ),
    ]
