import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("worker", "0002_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Conversation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("opened_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("reminded_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name="mail",
            name="conversation",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="mails",
                to="worker.conversation",
            ),
        ),
        migrations.AddField(
            model_name="mail",
            name="linked_by",
            field=models.CharField(
                blank=True,
                choices=[
                    ("opened", "Opened"),
                    ("reply", "Reply"),
                    ("token", "Token"),
                    ("sender", "Sender"),
                    ("same_request", "Same Request"),
                    ("staff", "Staff"),
                ],
                default="",
                max_length=12,
            ),
        ),
        migrations.AddIndex(
            model_name="mail",
            index=models.Index(fields=["sender"], name="mail_by_sender"),
        ),
        migrations.AddConstraint(
            model_name="mail",
            constraint=models.CheckConstraint(
                condition=models.Q(("conversation__isnull", True), ("linked_by__gt", ""), _connector="OR"),
                name="linked_mail_says_how",
            ),
        ),
    ]
