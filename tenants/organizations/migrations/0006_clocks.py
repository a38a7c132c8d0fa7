import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('organizations', '0005_authority'),
    ]

    operations = [
        migrations.AddField(
            model_name='property',
            name='alarm_days',
            field=models.PositiveSmallIntegerField(default=184, validators=[django.core.validators.MinValueValidator(184), django.core.validators.MaxValueValidator(365)], verbose_name='Days an alarm of a terminal is kept'),
        ),
        migrations.AddField(
            model_name='property',
            name='request_days',
            field=models.PositiveSmallIntegerField(default=180, validators=[django.core.validators.MinValueValidator(30), django.core.validators.MaxValueValidator(1095)], verbose_name='Days the text of a closed request is kept'),
        ),
        migrations.AddConstraint(
            model_name='property',
            constraint=models.CheckConstraint(condition=models.Q(('request_days__gte', 30), ('request_days__lte', 1095)), name='request_days_bounded', violation_error_message='Texts of closed requests are kept between 30 and 1095 days.'),
        ),
        migrations.AddConstraint(
            model_name='property',
            constraint=models.CheckConstraint(condition=models.Q(('alarm_days__gte', 184), ('alarm_days__lte', 365)), name='alarm_days_bounded', violation_error_message='Alarms of terminals are kept between 184 and 365 days.'),
        ),
    ]
