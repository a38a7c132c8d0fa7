import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('organizations', '0002_gate_facts'),
        ('people', '0005_invitations'),
    ]

    operations = [
        migrations.CreateModel(
            name='Registration',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('token_hash', models.CharField(editable=False, max_length=64, unique=True)),
                ('made_at', models.DateTimeField(auto_now_add=True, verbose_name='Made')),
                ('expires_at', models.DateTimeField(editable=False, verbose_name='Valid until')),
                ('used_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='Used')),
                ('submission_hash', models.CharField(blank=True, editable=False, max_length=64)),
                ('cancelled_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='Stopped')),
                ('made_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='made by')),
                ('person', models.OneToOneField(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='registration', to='people.person')),
                ('tenant', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.property')),
            ],
            options={
                'verbose_name': 'registration',
                'verbose_name_plural': 'registrations',
                'ordering': ['-made_at'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('person__isnull', True), ('used_at__isnull', True)), models.Q(('cancelled_at__isnull', True), ('person__isnull', False), ('used_at__isnull', False)), _connector='OR'), name='a_used_ticket_names_one_person'), models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('made_at'))), name='a_ticket_ends_after_it_begins')],
            },
        ),
    ]
