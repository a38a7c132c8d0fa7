from django.db import migrations, models

# Until now nothing recorded the last use for longer than door events are kept: the days are counted from now on.
FROM_TODAY = "UPDATE people_person SET face_last_used_on = CURRENT_DATE WHERE face_state IN ('enrolled', 'suspended')"


class Migration(migrations.Migration):

    dependencies = [
        ('organizations', '0006_clocks'),
        ('people', '0008_face_stored'),
    ]

    operations = [
        migrations.AddField(
            model_name='person',
            name='face_last_used_on',
            field=models.DateField(blank=True, editable=False, null=True, verbose_name='Face last used'),
        ),
        migrations.AddIndex(
            model_name='person',
            index=models.Index(condition=models.Q(('face_state__in', ['consented', 'captured', 'enrolled', 'suspended'])), fields=['tenant', 'stay_ends_on'], name='person_stay_ends'),
        ),
        migrations.AddIndex(
            model_name='person',
            index=models.Index(condition=models.Q(('face_enrolled_on__isnull', False)), fields=['tenant', 'face_enrolled_on'], name='person_face_enrolled'),
        ),
        migrations.AddIndex(
            model_name='person',
            index=models.Index(condition=models.Q(('face_state', 'enrolled')), fields=['tenant', 'face_last_used_on'], name='person_face_used'),
        ),
        migrations.AddIndex(
            model_name='person',
            index=models.Index(condition=models.Q(('face_state__in', ['captured', 'suspended'])), fields=['tenant', 'id'], name='person_face_waits'),
        ),
        migrations.AddIndex(
            model_name='person',
            index=models.Index(condition=models.Q(('age_band_until__isnull', False)), fields=['tenant', 'age_band_until'], name='person_age_ends'),
        ),
        migrations.RunSQL(FROM_TODAY, migrations.RunSQL.noop),
    ]
