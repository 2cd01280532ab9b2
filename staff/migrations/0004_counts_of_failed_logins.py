"""The table of the cache that all processes share, and an index for what was refused."""

from django.core.management import call_command
from django.db import migrations, models


def make_cache(apps, schema_editor):
    call_command("createcachetable", "staff_cache", database=schema_editor.connection.alias, verbosity=0)


def drop_cache(apps, schema_editor):
    schema_editor.execute("DROP TABLE staff_cache")


class Migration(migrations.Migration):
    dependencies = [("staff", "0003_invitations_and_the_logs_key")]
    operations = [
        migrations.AddIndex(
            model_name="access",
            index=models.Index(condition=models.Q(status__gte=400), fields=["at"], name="access_refused"),
        ),
        migrations.RunPython(make_cache, drop_cache),
    ]
