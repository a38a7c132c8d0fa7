
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('organizations', '0004_quality'),
        ('people', '0008_face_stored'),
        ('rights', '0003_elsewhere'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Certificate',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.CharField(editable=False, max_length=24, unique=True, verbose_name='Number')),
                ('body', models.TextField(editable=False, verbose_name='Text that is signed')),
                ('signature', models.CharField(editable=False, max_length=100, verbose_name='Signature')),
                ('key_id', models.CharField(editable=False, max_length=32, verbose_name='Key')),
                ('issued_at', models.DateTimeField(verbose_name='Issued')),
            ],
            options={
                'verbose_name': 'certificate',
                'verbose_name_plural': 'certificates',
                'ordering': ['-issued_at'],
            },
        ),
        migrations.CreateModel(
            name='Complaint',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.CharField(editable=False, max_length=20, verbose_name='Number')),
                ('code_hash', models.CharField(editable=False, max_length=64, unique=True)),
                ('state', models.CharField(choices=[('received', 'Received'), ('answered', 'Answered')], default='received', max_length=10, verbose_name='State')),
                ('language', models.CharField(default='zh-hans', max_length=10, verbose_name='Language')),
                ('name', models.CharField(blank=True, max_length=80, verbose_name='Name')),
                ('contact', models.CharField(blank=True, max_length=120, verbose_name='Phone or e-mail')),
                ('text', models.TextField(blank=True, max_length=4000, verbose_name='Complaint')),
                ('received_at', models.DateTimeField(auto_now_add=True, verbose_name='Received')),
                ('due_on', models.DateField(editable=False, verbose_name='Due')),
                ('is_due_final', models.BooleanField(default=True, editable=False)),
                ('answer', models.TextField(blank=True, max_length=4000, verbose_name='Answer')),
                ('answered_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='Answered')),
                ('escalated_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='Escalated')),
            ],
            options={
                'verbose_name': 'complaint',
                'verbose_name_plural': 'complaints',
                'ordering': ['due_on', 'received_at'],
            },
        ),
        migrations.CreateModel(
            name='IdentityCode',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('code_hash', models.CharField(editable=False, max_length=64)),
                ('sent_at', models.DateTimeField(verbose_name='Sent')),
                ('expires_at', models.DateTimeField(verbose_name='Expires')),
                ('attempts', models.PositiveSmallIntegerField(default=0, editable=False, verbose_name='Tries')),
                ('used_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='Used')),
            ],
            options={
                'verbose_name': 'identity code',
                'verbose_name_plural': 'identity codes',
                'ordering': ['-sent_at'],
            },
        ),
        migrations.CreateModel(
            name='LegalHold',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('events', 'Door events'), ('evidence', 'Evidence')], max_length=10, verbose_name='What is kept')),
                ('reason', models.CharField(blank=True, max_length=500, verbose_name='Reason')),
                ('article', models.CharField(max_length=120, verbose_name='Article')),
                ('ends_on', models.DateField(verbose_name='Ends')),
                ('asked_at', models.DateTimeField(verbose_name='Asked')),
                ('approved_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='Approved')),
                ('lifted_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='Lifted')),
            ],
            options={
                'verbose_name': 'legal hold',
                'verbose_name_plural': 'legal holds',
                'ordering': ['-asked_at'],
            },
        ),
        migrations.CreateModel(
            name='Package',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('access', 'To read'), ('transfer', 'To hand on')], max_length=10, verbose_name='Kind')),
                ('state', models.CharField(choices=[('waiting', 'Waits for a worker'), ('building', 'Being built'), ('ready', 'Ready'), ('failed', 'Could not be built'), ('erased', 'Erased')], default='waiting', max_length=10, verbose_name='State')),
                ('progress', models.PositiveSmallIntegerField(default=0, editable=False, verbose_name='Percent done')),
                ('sealed', models.BinaryField(default=b'')),
                ('sha256', models.CharField(blank=True, editable=False, max_length=64)),
                ('asked_at', models.DateTimeField(verbose_name='Asked')),
                ('tries', models.PositiveSmallIntegerField(default=0, editable=False, verbose_name='Tries')),
                ('built_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='Built')),
                ('expires_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='Download until')),
                ('downloads', models.PositiveIntegerField(default=0, editable=False, verbose_name='Downloads')),
                ('erased_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='Erased')),
            ],
            options={
                'verbose_name': 'package',
                'verbose_name_plural': 'packages',
                'ordering': ['-asked_at'],
            },
        ),
        migrations.CreateModel(
            name='RequestAttachment',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(blank=True, max_length=120, verbose_name='File name')),
                ('kind', models.CharField(choices=[('pdf', 'PDF'), ('text', 'Text')], max_length=6, verbose_name='Kind')),
                ('content', models.BinaryField(default=b'', verbose_name='Content')),
                ('sha256', models.CharField(editable=False, max_length=64)),
                ('size', models.PositiveIntegerField(editable=False, verbose_name='Size')),
                ('expires_at', models.DateTimeField(editable=False, verbose_name='Kept until')),
                ('erased_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='Erased')),
            ],
            options={
                'verbose_name': 'attachment',
                'verbose_name_plural': 'attachments',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='RequestMessage',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('to_person', 'To the person'), ('from_person', 'From the person'), ('note', 'Internal note')], max_length=12, verbose_name='Direction')),
                ('text', models.TextField(blank=True, max_length=4000, verbose_name='Text')),
                ('template', models.CharField(blank=True, max_length=30, verbose_name='Template')),
                ('at', models.DateTimeField(verbose_name='At')),
                ('delivery', models.CharField(choices=[('page', 'On the tracking page only'), ('waiting', 'Waits to be sent'), ('sent', 'Sent'), ('failed', 'Could not be sent')], default='page', max_length=10, verbose_name='Delivery')),
                ('attempts', models.PositiveSmallIntegerField(default=0, editable=False, verbose_name='Tries')),
                ('next_try_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('sent_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='Sent')),
            ],
            options={
                'verbose_name': 'message',
                'verbose_name_plural': 'messages',
                'ordering': ['at'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='rightsrequest',
            name='closed_request_has_answer',
        ),
        migrations.AddField(
            model_name='erasure',
            name='approved_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='erasure',
            name='escalated_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='Escalated'),
        ),
        migrations.AddField(
            model_name='erasure',
            name='ledger_number',
            field=models.PositiveBigIntegerField(blank=True, editable=False, null=True, verbose_name='Number in the ledger'),
        ),
        migrations.AddField(
            model_name='erasure',
            name='next_try_at',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='erasure',
            name='tries',
            field=models.PositiveSmallIntegerField(default=0, editable=False, verbose_name='Tries'),
        ),
        migrations.AddField(
            model_name='rightsrequest',
            name='asked_by',
            field=models.CharField(choices=[('self', 'The person'), ('guardian', 'A parent or guardian'), ('relative', 'A close relative of a person who has died'), ('representative', 'Somebody whom the person has asked to')], default='self', max_length=15, verbose_name='Asked by'),
        ),
        migrations.AddField(
            model_name='rightsrequest',
            name='assigned_to',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='Assigned to'),
        ),
        migrations.AddField(
            model_name='rightsrequest',
            name='channel',
            field=models.CharField(choices=[('form', 'Public form'), ('page', 'Personal page'), ('paper', 'On paper, at the desk'), ('phone', 'By phone'), ('api', 'Another system of the property')], default='form', max_length=10, verbose_name='Came by'),
        ),
        migrations.AddField(
            model_name='rightsrequest',
            name='entered_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='rightsrequest',
            name='escalated_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='Escalated'),
        ),
        migrations.AddField(
            model_name='rightsrequest',
            name='extended_on',
            field=models.DateField(blank=True, editable=False, null=True, verbose_name='Extended'),
        ),
        migrations.AddField(
            model_name='rightsrequest',
            name='extension_reason',
            field=models.CharField(blank=True, max_length=500, verbose_name='Reason of the extension'),
        ),
        migrations.AddField(
            model_name='rightsrequest',
            name='identity_by',
            field=models.CharField(blank=True, choices=[('code', 'A code sent to the contact on file'), ('link', 'The personal link'), ('in_person', 'In person at the desk')], max_length=10, verbose_name='Identity proved by'),
        ),
        migrations.AddField(
            model_name='rightsrequest',
            name='identity_checked_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='Identity proved'),
        ),
        migrations.AddField(
            model_name='rightsrequest',
            name='identity_checked_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='rightsrequest',
            name='language',
            field=models.CharField(default='zh-hans', max_length=10, verbose_name='Language'),
        ),
        migrations.AddField(
            model_name='rightsrequest',
            name='merged_into',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='rights.rightsrequest'),
        ),
        migrations.AddField(
            model_name='rightsrequest',
            name='paused_days',
            field=models.PositiveSmallIntegerField(default=0, editable=False, verbose_name='Working days paused'),
        ),
        migrations.AddField(
            model_name='rightsrequest',
            name='paused_on',
            field=models.DateField(blank=True, editable=False, null=True, verbose_name='Paused since'),
        ),
        migrations.AddField(
            model_name='rightsrequest',
            name='refusal_article',
            field=models.CharField(blank=True, max_length=60, verbose_name='Article'),
        ),
        migrations.AddField(
            model_name='rightsrequest',
            name='refusal_code',
            field=models.CharField(blank=True, choices=[('not_proved', 'It could not be proved who asks'), ('not_held', 'Nothing of this kind is held'), ('not_entitled', 'This person may not ask for somebody else'), ('kept_by_law', 'The law requires to keep it'), ('others_harmed', "It would harm somebody else's rights"), ('done_before', 'The same was answered shortly before'), ('other', 'Another reason, as written')], max_length=20, verbose_name='Reason of the refusal'),
        ),
        migrations.AddField(
            model_name='rightsrequest',
            name='relation',
            field=models.CharField(blank=True, max_length=200, verbose_name='On what ground'),
        ),
        migrations.AddField(
            model_name='rightsrequest',
            name='reminded_on',
            field=models.DateField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='rightsrequest',
            name='seal_key',
            field=models.BinaryField(default=b'', max_length=32),
        ),
        migrations.AlterField(
            model_name='rightsrequest',
            name='state',
            field=models.CharField(choices=[('received', 'Received'), ('confirmed', 'Identity confirmed'), ('answered', 'Answered'), ('refused', 'Refused'), ('merged', 'Merged with another'), ('taken_back', 'Taken back by the person')], default='received', max_length=10, verbose_name='State'),
        ),
        migrations.AddField(
            model_name='certificate',
            name='erasure',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='certificate', to='rights.erasure'),
        ),
        migrations.AddField(
            model_name='certificate',
            name='tenant',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.property'),
        ),
        migrations.AddField(
            model_name='complaint',
            name='answered_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='complaint',
            name='assigned_to',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='Assigned to'),
        ),
        migrations.AddField(
            model_name='complaint',
            name='person',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='complaints', to='people.person', verbose_name='person'),
        ),
        migrations.AddField(
            model_name='complaint',
            name='tenant',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.property'),
        ),
        migrations.AddField(
            model_name='identitycode',
            name='request',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='identity_codes', to='rights.rightsrequest'),
        ),
        migrations.AddField(
            model_name='identitycode',
            name='tenant',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.property'),
        ),
        migrations.AddField(
            model_name='legalhold',
            name='approved_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='legalhold',
            name='asked_by',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='legalhold',
            name='lifted_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='legalhold',
            name='person',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='holds', to='people.person', verbose_name='person'),
        ),
        migrations.AddField(
            model_name='legalhold',
            name='tenant',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.property'),
        ),
        migrations.AddField(
            model_name='package',
            name='request',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='package', to='rights.rightsrequest'),
        ),
        migrations.AddField(
            model_name='package',
            name='tenant',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.property'),
        ),
        migrations.AddField(
            model_name='requestattachment',
            name='tenant',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.property'),
        ),
        migrations.AddField(
            model_name='requestmessage',
            name='author',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='requestmessage',
            name='request',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='rights.rightsrequest'),
        ),
        migrations.AddField(
            model_name='requestmessage',
            name='tenant',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.property'),
        ),
        migrations.AddField(
            model_name='requestattachment',
            name='message',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attachments', to='rights.requestmessage'),
        ),
        migrations.AddConstraint(
            model_name='complaint',
            constraint=models.UniqueConstraint(fields=('tenant', 'number'), name='complaint_number_once'),
        ),
        migrations.AddConstraint(
            model_name='complaint',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'received'), models.Q(models.Q(('answer', ''), _negated=True), ('answered_at__isnull', False)), _connector='OR'), name='closed_complaint_has_answer', violation_error_message='A complaint is closed with an answer.'),
        ),
        migrations.AddConstraint(
            model_name='legalhold',
            constraint=models.CheckConstraint(condition=models.Q(('approved_by__isnull', True), models.Q(('approved_by', models.F('asked_by')), _negated=True), _connector='OR'), name='hold_has_a_second_member', violation_error_message='A second member approves a legal hold.'),
        ),
    ]
