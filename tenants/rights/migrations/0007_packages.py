from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("rights", "0006_requests")]

    operations = [
        # Packages of before were made while somebody waited, and were kept nowhere: there is none to move.
        migrations.RemoveField(model_name="rightsrequest", name="package_until"),
        migrations.RemoveField(model_name="rightsrequest", name="downloads"),
        migrations.AddField(
            model_name="package",
            name="touched_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddIndex(
            model_name="package",
            index=models.Index(
                condition=models.Q(("erased_at__isnull", True)), fields=["tenant"], name="package_not_erased"
            ),
        ),
        migrations.AddConstraint(
            model_name="package",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "ready"), ("sealed", b""), _connector="OR"),
                name="only_a_ready_package_holds_data",
                violation_error_message="Only a package that is ready holds anything.",
            ),
        ),
    ]
