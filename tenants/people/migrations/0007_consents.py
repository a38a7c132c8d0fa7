import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# Who withdrew was not kept until now. A guardian, where the child was under 14 on that Beijing day; in doubt the
# person, whose no binds: nobody asks again. Rows are the owner's to change, whom the policy of every table lets through.
WHO_WITHDREW = """
UPDATE people_consent c SET withdrawn_by = CASE
  WHEN c.given_by = 'guardian' AND (c.withdrawn_at AT TIME ZONE 'Asia/Shanghai')::date <= CASE p.age_band
    WHEN 'under_14' THEN coalesce(p.age_band_until, 'infinity'::date)
    WHEN 'teen' THEN (p.age_band_until - interval '4 years')::date END
  THEN 'guardian' ELSE 'person' END
FROM people_person p WHERE p.id = c.person_id AND c.withdrawn_at IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0006_registrations"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="person",
            name="age_band",
            field=models.CharField(choices=[("under_14", "Under 14"), ("teen", "14 to 17"), ("adult", "18 or older")], max_length=10, verbose_name="Age"),
        ),
        migrations.AddField(
            model_name="consent",
            name="withdrawn_by",
            field=models.CharField(blank=True, choices=[("person", "The person"), ("guardian", "A guardian"), ("person_sheet", "The person, on paper at the desk"), ("guardian_sheet", "A guardian, on paper at the desk")], default="", max_length=15, verbose_name="Withdrawn by"),
            preserve_default=False,
        ),
        migrations.RunSQL(WHO_WITHDREW, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.CheckConstraint(condition=models.Q(("withdrawn_at__isnull", True), ("withdrawn_by", "")) | models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__in", ["person", "guardian", "person_sheet", "guardian_sheet"])), name="a_withdrawal_names_who_withdrew"),
        ),
        migrations.AddField(
            model_name="personallink",
            name="reason",
            field=models.CharField(blank=True, choices=[("asked", "The person asked for it"), ("invitation", "We asked the person by it"), ("registered", "The person registered here")], default="", editable=False, max_length=15, verbose_name="Why it was made"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="personallink",
            name="made_by",
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="made by"),
        ),
        migrations.AddField(
            model_name="promptrecord",
            name="child",
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"),
        ),
    ]
