"""Keys know what wraps them, so that one can be replaced while the others stay readable."""

import django.db.models.deletion
from django.db import migrations, models

# Until now every handler had one key, which wrapped those of all its people.
POINT_AT_THE_ONE = """
    UPDATE vault_personkey AS key SET handler_key_id = wrapping.id
    FROM organizations_property AS property, vault_handlerkey AS wrapping
    WHERE property.id = key.tenant_id AND wrapping.handler_id = property.handler_id
"""
# PostgreSQL does not alter a table whose rows still wait for their foreign keys to be looked at.
LOOK_NOW = "SET CONSTRAINTS ALL IMMEDIATE"


class Migration(migrations.Migration):

    dependencies = [
        ('organizations', '0001_initial'),
        ('vault', '0001_initial'),
    ]

    operations = [
        migrations.AlterField(
            model_name='handlerkey',
            name='handler',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.handler'),
        ),
        migrations.AddField(
            model_name='handlerkey',
            name='generation',
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AddField(
            model_name='handlerkey',
            name='master',
            field=models.CharField(blank=True, max_length=16),
        ),
        migrations.AddConstraint(
            model_name='handlerkey',
            constraint=models.UniqueConstraint(fields=('handler', 'generation'), name='one_handler_key_per_generation'),
        ),
        migrations.AddField(
            model_name='personkey',
            name='handler_key',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='vault.handlerkey'),
        ),
        migrations.RunSQL([POINT_AT_THE_ONE, LOOK_NOW], migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='personkey',
            name='handler_key',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='vault.handlerkey'),
        ),
    ]
