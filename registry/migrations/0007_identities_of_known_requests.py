"""The identity of every request that was there before the column."""

from django.db import migrations

from registry.identity import identity


def fill(apps, schema_editor):
    model = apps.get_model("registry", "Registration")
    rows = model.objects.filter(pir__gt="", full_name__gt="").only("pk", "pir", "full_name")
    batch = []
    for row in rows.iterator(chunk_size=2000):
        row.identity = identity(row.pir, row.full_name)
        batch.append(row)
        if len(batch) == 500:
            model.objects.bulk_update(batch, ["identity"])
            batch.clear()
    model.objects.bulk_update(batch, ["identity"])


class Migration(migrations.Migration):
    dependencies = [("registry", "0006_whom_a_request_is_about")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
