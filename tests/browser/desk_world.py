"""What the pages of the directories and of the rule desk show, with made-up people; a part of tests.browser.world."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.utils.timezone import now

from config.catalogue import load_catalogue
from registry.corrections import ModuleWord
from registry.imports.take_in import import_file
from registry.models import AcceptedAddress, Settlement
from registry.replays import Compared, Replay
from registry.services.draft_word import draft_word
from registry.services.upload_directory import File, look_at_upload
from registry.uploads import Upload
from worker.models import Event
from worker.services.run_replay import Wish, run_turn, start_replay
from worker.services.thinking import load_thinking

REGISTER = (
    "PIR;Megnevezés;Vármegye\n740009;Orfű Község Önkormányzata;Baranya\n740373;Kerecsend Község Önkormányzata;Heves\n"
    "740746;Tiszacsege Város Önkormányzata és annak igen hosszú hivatalos neve a nyilvántartásban;Hajdú-Bihar\n"
)
RENEWED = REGISTER.replace("Orfű Község", "Orfű Nagyközség").replace("740373;Kerecsend", "741480;Zalalövő") + "12;X;Y\n"
OVERRULED = (("reading", "full_name", "misread"), ("pir", "pir", "overruled"))


def fill_desk(actor: User) -> None:
    """Rows in every directory, a file that waits, drafts, a replay with differences, corrections by staff."""
    Settlement.objects.create(name="Orfű", county="Baranya")
    Settlement.objects.create(name="Abaliget", county="Baranya", joint_office_seat="Orfű")
    AcceptedAddress.objects.get_or_create(address="ado2@tiszacsege.hu", defaults={"accepted_by": actor})
    import_file("municipalities", REGISTER.encode(), load_catalogue())
    look_at_upload(actor, File("municipalities", "jegyzek.csv", RENEWED.encode()), load_catalogue())
    for word in ("iktatófülke*", "zöldfülke"):
        draft_word(actor, load_catalogue(), ModuleWord(module="PM-2770-2105-BS", tier="asked", word=word))
    start_replay(actor, Wish(now() - timedelta(days=30), now() + timedelta(days=1), Compared.LEDGER), load_thinking())
    run_turn(load_thinking(), settings.ASPOKTATAS.addresses, 60.0)
    said = [{"rule": rule, "field": field, "kind": kind} for rule, field, kind in OVERRULED]
    Event.objects.create(verb="corrected", actor=actor, details={"overruled": said})


def an_upload() -> dict[str, object]:
    """The arguments of the page of the file that waits."""
    return {"pk": Upload.objects.latest("pk").pk}


def a_replay() -> dict[str, object]:
    """The arguments of the page of the replay."""
    return {"pk": Replay.objects.latest("pk").pk}


def a_replayed_mail() -> dict[str, object]:
    """The arguments of the page of a mail that would be judged otherwise."""
    replay = Replay.objects.latest("pk")
    difference = replay.differences.order_by("-pk").first()
    assert difference is not None
    return {"replay": replay.pk, "pk": difference.mail_id}
