from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("organizations", "0012_notifications")]

    operations = [
        migrations.AlterField(
            model_name="notification",
            name="kind",
            field=models.CharField(
                choices=[
                    ("request_received", "A request arrives"),
                    ("request_due_soon", "A request is due soon"),
                    ("request_overdue", "A request is overdue"),
                    ("complaint_received", "A complaint arrives"),
                    ("complaint_waits", "A complaint has waited for five working days"),
                    ("alert_high", "An alert of high severity"),
                    ("alert", "Another alert"),
                    ("device_stopped", "A device is suspended by a rule"),
                    ("device_silent", "A device is not heard from"),
                    ("device_back", "A device is heard from again"),
                    ("sign_ends", "The photo of a sign grows too old soon"),
                    ("sign_asked", "A colleague asks for a new photo of a sign"),
                    ("assessment_stale", "The impact assessment is out of date"),
                    ("notice_begins", "A new notice takes effect soon"),
                    ("contract_ends", "The processing contract ends soon"),
                    ("hold_waits", "A legal hold waits for approval"),
                    ("loss_waits", "A lost device waits for a second member"),
                    ("minor_waits", "Somebody asks to open a minor's record"),
                    ("signature_waits", "An impact assessment waits for a signature"),
                    ("review_due", "The review of access is due"),
                    ("job_done", "Long work of mine has ended"),
                ],
                max_length=30,
            ),
        ),
    ]
