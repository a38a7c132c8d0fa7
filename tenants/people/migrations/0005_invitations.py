import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organizations", "0002_gate_facts"),
        ("people", "0004_documents"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('channel', models.CharField(choices=[('desk', 'Link handed over at the desk'), ('sms', 'Text message'), ('email', 'E-mail')], max_length=10, verbose_name='How')),
                ('state', models.CharField(choices=[('queued', 'On its way'), ('sent', 'Sent'), ('failed', 'Not sent'), ('given_up', 'Called off')], default='queued', max_length=10, verbose_name='State')),
                ('reason', models.CharField(blank=True, max_length=20, verbose_name='Reason')),
                ('asked_at', models.DateTimeField(verbose_name='Asked')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='Attempts')),
                ('next_try_at', models.DateTimeField(blank=True, null=True, verbose_name='Next attempt')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='Sent')),
                ('asked_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asked by')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to='people.person')),
                ('prompt', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='invitation', to='people.promptrecord')),
                ('tenant', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.property')),
            ],
            options={
                'verbose_name': 'invitation',
                'verbose_name_plural': 'invitations',
                'ordering': ['-asked_at'],
                'indexes': [models.Index(condition=models.Q(('state', 'queued')), fields=['tenant', 'next_try_at'], name='invitations_that_wait')],
                'constraints': [models.CheckConstraint(condition=models.Q(('channel__in', ['sms', 'email'])), name='an_invitation_is_a_message'), models.CheckConstraint(condition=models.Q(models.Q(('sent_at__isnull', False), ('state', 'sent')), models.Q(models.Q(('state', 'sent'), _negated=True), ('sent_at__isnull', True)), _connector='OR'), name='a_sent_invitation_has_its_time'), models.CheckConstraint(condition=models.Q(models.Q(('next_try_at__isnull', False), ('state', 'queued')), models.Q(models.Q(('state', 'queued'), _negated=True), ('next_try_at__isnull', True)), _connector='OR'), name='a_waiting_invitation_has_its_next_attempt'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['failed', 'given_up']), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='an_invitation_not_sent_has_its_reason')],
            },
        ),
    ]
