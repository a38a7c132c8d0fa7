# A second factor that was lost and taken off is kept in the log.

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("security", "0005_emergency_read"),
    ]

    operations = [
        migrations.AlterField(
            model_name="accessevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("signed_in", "Signed in"),
                    ("sign_in_failed", "Sign-in failed"),
                    ("sign_in_reset", "Sign-in begun anew after a lost second factor"),
                    ("refused", "Refused: no such place for them"),
                    ("throttled", "Refused: too often"),
                    ("code_wrong", "Wrong one-time code"),
                    ("identities_listed", "Looked at the list of people"),
                    ("identity_read", "Looked at a person"),
                    ("minor_read", "Looked at a minor's record"),
                    ("evidence_read", "Looked at evidence"),
                    ("exported", "Took data out"),
                    ("package_opened", "Opened a package"),
                    ("emergency_read", "Opened a page under emergency access"),
                    ("admin_read", "Looked at the platform admin"),
                    ("device_alarm", "A terminal raised an alarm"),
                ],
                max_length=30,
            ),
        ),
    ]
