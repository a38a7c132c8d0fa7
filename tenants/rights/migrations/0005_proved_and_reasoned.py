from django.db import migrations, models

# Until now a member of the desk said who asks, and every refusal had its reason in its text.
PROVED = """
UPDATE rights_rightsrequest SET identity_by = 'in_person', identity_checked_at = COALESCE(closed_at, received_at)
WHERE person_id IS NOT NULL OR state IN ('confirmed', 'answered')
"""
REASONED = """
UPDATE rights_rightsrequest SET refusal_code = 'other', refusal_article = 'PIPL 50' WHERE state = 'refused'
"""


class Migration(migrations.Migration):
    dependencies = [("rights", "0004_requests_in_full")]

    operations = [
        migrations.RunSQL(PROVED, migrations.RunSQL.noop),
        migrations.RunSQL(REASONED, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="rightsrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["answered", "refused"]), _negated=True),
                    models.Q(("answer", ""), _negated=True),
                    _connector="OR",
                ),
                name="closed_request_has_answer",
                violation_error_message="A request is closed with an answer.",
            ),
        ),
        migrations.AddConstraint(
            model_name="rightsrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "refused"), _negated=True),
                    models.Q(
                        models.Q(("refusal_code", ""), _negated=True), models.Q(("refusal_article", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="refused_request_has_reason",
                violation_error_message="A refusal needs its reason and the article.",
            ),
        ),
        migrations.AddConstraint(
            model_name="rightsrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "merged"), _negated=True), ("merged_into__isnull", False), _connector="OR"
                ),
                name="merged_request_names_the_other",
                violation_error_message="A merged request names the one that goes on.",
            ),
        ),
        migrations.AddConstraint(
            model_name="rightsrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["confirmed", "answered"]), _negated=True),
                    models.Q(("identity_by", ""), _negated=True),
                    _connector="OR",
                ),
                name="answered_request_has_identity",
                violation_error_message="First prove who asks.",
            ),
        ),
    ]
