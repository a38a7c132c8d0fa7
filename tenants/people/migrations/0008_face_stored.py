from django.db import migrations, models

# Until now a template was kept where the property declares it: no property could have switched and enrolled anew.
WHERE_IT_IS = """
UPDATE people_person p SET face_stored = t.storage_mode
FROM organizations_property t WHERE t.id = p.tenant_id AND p.face_state IN ('enrolled', 'suspended')
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0007_consents")]

    operations = [
        migrations.AddField(
            model_name="person",
            name="face_stored",
            field=models.CharField(blank=True, choices=[("on_device", "On the device only"), ("portal", "In this portal, with separate consent")], default="", editable=False, max_length=20, verbose_name="Face stored"),
            preserve_default=False,
        ),
        migrations.RunSQL(WHERE_IT_IS, migrations.RunSQL.noop),
    ]
