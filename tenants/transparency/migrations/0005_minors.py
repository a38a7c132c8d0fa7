from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("transparency", "0004_incidents")]

    operations = [
        # What an earlier version meant nobody wrote down, and most say that children's faces are not used: in doubt
        # not. Where they are, the next version says so and asks. A default needs no update of frozen rows.
        migrations.AddField(
            model_name="notice",
            name="allows_under_14",
            field=models.BooleanField(default=False, editable=False, verbose_name="Children's faces are used"),
        ),
    ]
