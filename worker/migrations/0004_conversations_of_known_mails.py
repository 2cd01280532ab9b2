"""Each mail that a person wrote, as far as it is decided, began a conversation; its twins belong to the same."""

from django.db import migrations

GROUP = 500


def open_conversations(apps, schema_editor):
    Conversation = apps.get_model("worker", "Conversation")
    Mail = apps.get_model("worker", "Mail")
    begun = Mail.objects.filter(kind__in=["registration", "password", "other"], twin_of=None, conversation=None)
    while mails := list(begun.order_by("pk").only("pk", "decided_at")[:GROUP]):
        for mail in mails:
            opened = {"opened_at": mail.decided_at} if mail.decided_at else {}
            conversation = Conversation.objects.create(**opened)
            Mail.objects.filter(pk=mail.pk).update(conversation=conversation, linked_by="opened")
            Mail.objects.filter(twin_of=mail.pk).update(conversation=conversation, linked_by="opened")


class Migration(migrations.Migration):
    dependencies = [
        ("worker", "0003_conversations"),
    ]

    operations = [
        migrations.RunPython(open_conversations, migrations.RunPython.noop),
    ]
