import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("worker", "0009_mails_by_domain"),
    ]

    operations = [
        migrations.CreateModel(
            name="DayFigures",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False)),
                ("data", models.JSONField()),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.AddField(
            model_name="conversation",
            name="legal_hold",
            field=models.CharField(blank=True, db_default="", default="", max_length=300),
        ),
        migrations.AddField(
            model_name="mail",
            name="purged_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name="mail",
            index=models.Index(
                condition=models.Q(("purged_at__isnull", True)), fields=["stored_at"], name="mail_to_purge"
            ),
        ),
    ]
