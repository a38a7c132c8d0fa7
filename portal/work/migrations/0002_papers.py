"""Work that makes papers to print."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('work', '0001_jobs'),
    ]

    operations = [
        migrations.AlterField(
            model_name='job',
            name='kind',
            field=models.CharField(choices=[('export', 'File with a list'), ('import', 'Table taken in'), ('bulk', 'Change to many'), ('papers', 'Papers to print')], max_length=12, verbose_name='Kind'),
        ),
    ]
