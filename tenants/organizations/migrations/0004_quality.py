from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('organizations', '0003_facts_version'),
    ]

    operations = [
        migrations.AddField(
            model_name='property',
            name='face_quality',
            field=models.CharField(choices=[('lenient', 'Lenient: fewer people are sent back, more faces are not known at the door'), ('standard', 'Standard'), ('strict', 'Strict: even light, straight ahead, close to the camera')], default='standard', max_length=10, verbose_name='How good a photo must be'),
        ),
    ]
