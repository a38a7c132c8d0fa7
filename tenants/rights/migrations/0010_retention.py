from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('organizations', '0006_clocks'),
        ('people', '0009_last_used'),
        ('rights', '0005_proved_and_reasoned'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='legalhold',
            name='ended_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='Ended'),
        ),
        migrations.AddField(
            model_name='rightsrequest',
            name='texts_erased_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='Texts erased'),
        ),
        migrations.AlterField(
            model_name='erasure',
            name='reason',
            field=models.CharField(choices=[('withdrawn', 'Consent withdrawn'), ('requested', 'Deletion requested'), ('stay_ended', 'Lease or stay ended'), ('retention', 'Retention period over'), ('unused', 'Not used for 180 days'), ('consent_lost', 'Consent no longer holds'), ('consent_over', 'The period of the consent is over'), ('not_assessed', 'The impact assessment was not renewed'), ('contract_ended', 'The processing contract ended'), ('elsewhere', 'Faces are kept in another place now'), ('died', 'The person has died')], max_length=15, verbose_name='Reason'),
        ),
        migrations.AddIndex(
            model_name='legalhold',
            index=models.Index(condition=models.Q(('ended_at__isnull', True)), fields=['tenant', 'ends_on'], name='hold_not_ended'),
        ),
        migrations.AddIndex(
            model_name='rightsrequest',
            index=models.Index(condition=models.Q(('closed_at__isnull', False), ('texts_erased_at__isnull', True)), fields=['tenant', 'closed_at'], name='request_keeps_texts'),
        ),
    ]
