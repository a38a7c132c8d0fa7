from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("rights", "0002_endings")]

    operations = [
        migrations.AlterField(
            model_name="erasure",
            name="reason",
            field=models.CharField(choices=[("withdrawn", "Consent withdrawn"), ("requested", "Deletion requested"), ("stay_ended", "Lease or stay ended"), ("retention", "Retention period over"), ("consent_lost", "Consent no longer holds"), ("consent_over", "The period of the consent is over"), ("not_assessed", "The impact assessment was not renewed"), ("contract_ended", "The processing contract ended"), ("elsewhere", "Faces are kept in another place now"), ("died", "The person has died")], max_length=15, verbose_name="Reason"),
        ),
    ]
