"""Whoever could log in before there were roles could do everything but administer: they become leads."""

from django.db import migrations


def make_members(apps, schema_editor):
    user, member = apps.get_model("auth", "User"), apps.get_model("staff", "Member")
    rows = user.objects.filter(is_superuser=False, member__isnull=True).only("pk")
    member.objects.bulk_create([member(user_id=one.pk, role="lead") for one in rows], ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("staff", "0001_members_and_the_access_log"), ("auth", "0012_alter_user_first_name_max_length")]
    operations = [migrations.RunPython(make_members, migrations.RunPython.noop)]
