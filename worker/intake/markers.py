"""Words and lines by which mailers and people mark quotes, forwards, signatures and footers, as data.

Sources: domain.md §8.2 (Mozilla and Roundcube hu translations, crisp-oss/email-forward-parser, list archives), the
Hungarian user interfaces of Outlook, Gmail, Apple Mail. All are compared without regard to case and, through
`loosely`, to missing accents; so no class in brackets holds an accented letter.
"""

from __future__ import annotations

# The corrective reply's form; templates/replies/ writes the same two lines
FORM_START = "ADATLAP (kérjük, a sorokat kitöltve küldje vissza)"
FORM_END = "ADATLAP VÉGE"
FORM_LABELS = ("Teljes név", "Önkormányzat", "PIR szám", "Vármegye", "E-mail cím", "Szakrendszer", "Jegyző")
# The list of modules at that reply's end: ours wherever it is found
LIST_START = "--- SZAKRENDSZEREK JEGYZÉKE ---"
LIST_END = "--- JEGYZÉK VÉGE ---"
LETTER_OPENING = "Köszönjük levelét, amelyben"  # templates/replies/shared/phrases.txt: thanks
LETTER_FOOT = "Ez a levél gépi feldolgozás"  # the same: by_machine

# Labels of the header lines above an older mail, by role; longer ones first where one begins another
HEADER_LABELS: dict[str, tuple[str, ...]] = {
    "from": ("Feladó", "From", "Von", "Küldő", "Feladta", "De", "Expéditeur"),
    "date": (
        "Küldés dátuma",
        "Küldés ideje",
        "Küldve",
        "Elküldve",
        "Küldött",
        "Sent",
        "Date",
        "Dátum",
        "Gesendet",
        "Datum",
        "Időpont",
    ),
    "to": ("Címzettek", "Címzett", "To", "An"),
    "cc": ("Másolatot kapják", "Másolatot kapja", "Másolatot kap", "Másolatban", "Másolat", "Cc", "Kopie"),
    "bcc": ("Titkos másolatot kap", "Titkos másolat", "Bcc"),
    "subject": ("Tárgy", "Subject", "Betreff"),
    "other": (
        "Válaszcím",
        "Reply-To",
        "Fontosság",
        "Importance",
        "Prioritás",
        "Priority",
        "Mellékletek",
        "Melléklet",
        "Attachments",
        "Organization",
        "Resent-From",
        "Csatolmány",
    ),
}

FORWARD_MARKERS = (
    r"továbbított (?:üzenet|levél|e-?mail)(?: kezdete| eleje)?",
    r"továbbított:?",
    r"(?:begin |start of )?forwarded (?:message|mail)",
    r"weitergeleitete nachricht",
    r"forwarded by .{1,150}",
    r"továbbította:? .{1,150}",
)
ORIGINAL_MARKERS = (
    r"(?:az )?eredeti (?:üzenet|levél|e-?mail)",
    r"original (?:message|mail|appointment)",
    r"ursprüngliche nachricht",
    r"válasz üzenet",
)

FORWARD_PREFIXES = ("fw", "fwd", "tov", "továbbítás", "továbbítva", "továbbítom", "továbbított", "wg", "tr")
REPLY_PREFIXES = ("re", "vá", "válasz", "vál", "aw", "sv", "antw", "vs", "odp")

# The sender points at the mail below: a noun for it must follow, or the passing on itself be said
POINTING = (
    r"továbbít(?:om|juk|ott|va|ani|ás)",
    r"(?:alábbi|lenti|alsó|lentebbi|mellékelt|csatolt|(?:alább|lent) (?:lévő|olvasható|található|látható))"
    r"\s+(?:\w+\s+){0,3}?"
    r"(?:kérelm|kérés|levél|levele|üzenet|e-?mail|megkeres|igény|regisztrációs k)",
    r"lásd (?:alább|lent|alul)",
    r"kollég\w*\s+(?:kérés|level|kérelm)\w*\s+(?:alább|lent|tovább)",
    r"(?:alábbi|lenti)a?kat\s+(?:támogat|jóváhagy|tovább|küld)",
    r"see below|please see the (?:mail|message) below",
)
# … and at the last of several mails below
POINTING_DEEP = (
    r"(?:levelezés|levélváltás|szál|folyam|előzmény)\w*\s+(?:\w+\s+){0,2}?(?:al[jó]|végé|legal|kezdet|első)",
    r"legalul|legalsó|legalján|lejjebb|lentebb|alján (?:lévő|található|olvasható)",
    r"(?:alábbi|lenti) (?:levelezés|levélváltás)",
    r"előzmény(?:ek)? (?:alább|lent|csatol|mellékel)",
)
POINTING_WEAKLY = (r"\b(?:az )?alábbi", r"\blenti", r"\blent\b", r"\balább\b", r"\btámogatom\b", r"\bjelzése")

CLOSINGS = (
    r"(?:szívélyes |baráti |kollegiális )?üdvözlettel(?: és (?:köszönettel|tisztelettel))?",
    r"(?:őszinte |mély |maradok |teljes |kiváló )?tisztelettel(?: és (?:köszönettel|üdvözlettel))?",
    r"(?:előre is |segítségüket |segítségét |megtisztelő |ezúton is )?köszönettel(?: és (?:üdvözlettel|tisztelettel))?",
    r"üdv(?:özöl(?=:)|özli(?=:))?",
    r"(?:\w+,? ){1,6}(?:megköszönve|köszönve|várva|kérve|bízva|kívánva)"
    r"(?:,? (?:maradok )?(?:tisztelettel|üdvözlettel|köszönettel))?",
    r"(?:\w+,? ){1,6}maradok(?: \w+)? tisztelettel",
    r"(?:nagyon )?(?:köszönöm|köszönjük|köszi)(?: szépen| előre is)?[,.!]{0,2} (?:és )?"
    r"(?:üdvözlettel|tisztelettel|üdv)",
    r"puszi|pusszi|ölel",
    r"(?:kind |best |warm )?regards",
    r"best wishes",
    r"(?:yours )?sincerely(?: yours)?",
    # of those who write Hungarian and sign in their own language as well
    r"(?:mit )?(?:freundliche[nm]?|herzliche[nm]?|beste[nm]?|viele[nm]?|liebe[nm]?) (?:grüße|grüsse|gruß|gruss)n?",
    r"hochachtungsvoll",
    r"s (?:úctou|pozdravom)(?: a (?:úctou|pozdravom))?|so srdečným pozdravom",
    r"(?:srdačan|lijep|lep) pozdrav|sa? (?:srdačnim )?(?:poštovanjem|pozdravom)|s spoštovanjem",
    r"cu (?:stimă|respect|deosebită stimă)|cordialement|yours faithfully|respectfully(?: yours)?",
)
# These are a signature's beginning only where a name follows at once
WEAK_CLOSINGS = (
    r"(?:nagyon |előre is |mindent )?(?:nagyon )?(?:szépen )?(?:köszönöm|köszönjük|köszi+|kösz|köszike)"
    r"(?: szépen| előre is| a \w{4,20}| \w{4,20}üket)?",
    r"(?:\w+ )?(?:segítség|közreműködés|intézkedés|fáradozás|együttműködés|munkáj|türelm)\w*(?: előre is)?"
    r" (?:nagyon |előre is |szépen )?(?:köszönöm|köszönjük)",
    r"(?:várom|várjuk) (?:szíves |mielőbbi |kedves )?(?:válasz|intézkedés|visszajelzés)\w*",
    r"(?:további )?(?:szép|kellemes|jó|boldog) (?:napot|hétvégét|hetet|munkát|délutánt|estét|ünnepeket)"
    r"(?: kívánok| kívánunk| mindenkinek)?",
    r"thank you|thanks|cheers",
)

PHONE_SIGNATURES = (
    r"(?:az? )?(?:\w+ ){0,3}(?:iphone|ipad|ipod|android|samsung|galaxy|huawei|xiaomi|redmi|honor|mobil"
    r"|okostelefon|telefon)[^.!?:@]{0,50}\bküld(?:(?:ve|ött)\b.{0,80}|(?:öm|tem)\b\W{0,6})",
    r"(?:az? )?(?:android|k-9|ios|outlook|bluemail|aquamail|protonmail|proton mail|gmail|yahoo|thunderbird)"
    r"[^.!?:@]{0,60}\bküld(?:(?:ve|ött)\b.{0,120}|(?:öm|tem)\b\W{0,6})",
    r"(?:el)?küldve (?:az? )?\w.{0,80}",
    r"(?:az )?(?:ios|android)(?:-hez|hez|hoz|-hoz) készült outlook beszerzése.{0,60}",
    r"(?:get|download) outlook for (?:ios|android|mac).{0,60}",
    r"sent (?:from|via|with|by) .{1,80}",
    r"von meinem .{1,40} gesendet",
    r"a \w+ mobilomról.{0,40}",
    r"yahoo mail:? .{1,80}",
)

FOOTERS = (
    r"ez(?:en)? az? (?:e-?mail|elektronikus|üzenet|levél)\w*.{0,120}(?:bizalmas|titkos|kizárólag|címzett|vírus)",
    r"(?:jelen|ezen|ez az?|a jelen|fenti) (?:e-?mail|elektronikus|üzenet|levél|levelezés)\w*.{0,200}"
    r"(?:bizalmas|titok|kizárólag|címzett|adatvéd)",
    r"az (?:e-?mail|elektronikus|üzenet)\w*.{0,100}(?:kizárólag|bizalmas|címzett\w* (?:számára|részére))",
    r"(?:amennyiben|ha) (?:az )?(?:ön )?(?:nem|tévedésből|véletlenül|ezt|az|az üzenetet|jelen|a levél).{0,100}"
    r"(?:címzett|tévedésből|illetéktelen)",
    r"this (?:e-?mail|message|communication|transmission).{0,120}(?:confidential|intended|privileged|virus)",
    r"(?:the )?(?:information|contents?) (?:contained )?(?:in|of) this.{0,100}(?:confidential|intended|privileged)",
    r"confidentiality (?:notice|note)",
    r"disclaimer\b",
    r"(?:jogi |adatvédelmi |titoktartási )(?:nyilatkozat|figyelmeztetés|tájékoztat\w*|közlemény|záradék)",
    r"(?:kérjük|kérem|kérlek)[,.]? (?:gondolj\w*|kíméld?je|vegye figyelembe|óvja|mielőtt).{0,80}"
    r"(?:környezet|nyomtat|papír)",
    r"(?:gondolj\w*|kíméljük|óvjuk).{0,40}(?:környezet|nyomtat)",
    r"mielőtt (?:ki)?nyomtat",
    r"please consider the environment",
    r"(?:vírusmentes|virus-free|mentes a vírusoktól|a vírusok ellen|vírusellenőrz)\w*.{0,120}",
    r"(?:ez az e-mail|a levél|az üzenet).{0,40}vírus",
    r"(?:freemail|citromail)\b.{0,100}(?:ingyenes|levelez|tárhely)",
    r"gdpr\b.{0,200}",
    r"you received this message because you are subscribed",
)
# Put above the mail by the receiver's gateway
BANNERS = (
    r"(?:\W*(?:figyelem|figyelmeztetés|caution|warning)\W+)?.{0,60}(?:külső (?:feladó|forrás|levél|küldő|cím)|"
    r"external (?:email|sender|mail|source)|szervezeten kívül|outside (?:of )?(?:the |your )?organi[sz]ation)",
    r"(?:nem|ritkán) (?:gyakran )?(?:kap|szokott).{0,60}(?:e-?mail|üzenet|level).{0,80}(?:címről|től|től\.)",
    r"you don't often get email from",
)

# Labels under a closing that make what stands there request data and no signature
REQUEST_LABELS = (
    r"(?:teljes |dolgozó |munkavállaló |kolléga |igénylő |regisztrálandó )?nev(?:e|em)\b|(?:teljes )?név",
    r"szakrendszer\w*|modul\w*|tananyag\w*|képzés\w*|kurzus\w*|tanfolyam\w*|kért .{1,30}",
    r"(?:vár)?megye|munkahely\w*|munkáltató\w*|önkormányzat\w*|település\w*|munkavégzés helye",
    r"regisztrál\w*|igényelt .{1,30}|jegyző neve",
)
# What a request asks for, in words
WISHES = (
    r"\bmodul|tananyag|szakrendszer|hozzáférés|\bregisztr|belépés|oktatási (?:portál|felület|oldal)|e-learning",
    r"\bkati\b|\biparker|\belügy\b|etriusz|\bpm-?\s?\d{4}|\bivk\b|\birat\b|\bkeret\b|\bhagyaték\b|\badó\b",
    r"\biktat|\birattár|\bérkeztet|\bpostáz|\bbank\b|\bpénztár\b|\bkötelezettségv|\bkövetelésk|ingatlanvagyon",
    r"\bgazdálkodás\b|\bipar-|\bteljes\b",
)
TITLES = (
    r"(?:ügyintéző|előadó|főelőadó|jegyző|aljegyző|főjegyző|polgármester|alpolgármester|referens|vezető|munkatárs)\w{0,3}",
    r"\w*(?:vezető|előadó|tanácsos|titkár|titkárnő|pénztáros|könyvelő|irattáros|ügykezelő|iktató|informatikus)\w{0,2}",
    r"(?:rendszergazda|asszisztens|igazgató|koordinátor|szakértő|intéző|ellenőr|adminisztrátor|főmunkatárs|óvodavezető)",
    r"(?:anyakönyvvezető|falugondnok|könyvtáros|gondnok|kirendeltségvezető|hivatalsegéd|elnök)",
)
OFFICES = (
    r"\bhivatal|önkormányzat|\biroda|\bosztály|\bcsoport|titkárság|kirendeltség|hatóság|\bköh\b|\bóvoda|intézmény",
    r"ügyfélfogad|félfogad|fogadóóra|nyitva|munkaidő",
    r"\bbank\b.{0,12}\d{8}|adószám|bankszámla|számlaszám|\botp\b|\bikt(?:atószám|\.? ?sz)|\bkrid\b|törzsszám",
    r"\bksh\b|\bom azonosító",
)
PIR_LABELS = (r"p\.?\s?í\.?\s?r\b\.?[^:]{0,20}|törzs(?:szám|könyvi)[^:]{0,30}",)
POSTSCRIPTS = (r"u\.?\s?i\.?\s?[:.,-]", r"p\.?\s?s\.?\s?[:.,-]", r"utóirat")
CONTACT = (
    r"\b(?:tel|telefon|fax|mobil|mob|phone|cell)\b\s{0,9}\.?\s{0,9}(?:/\s{0,9}\w+\s{0,9})?[:.]?\s{0,9}[+(\d]|(?:\+36|\b06)[\s/\-(]*\d{1,2}[\s/\-)]"
    r"|(?<![\d/.-])\(?\d{1,2}\)?[/\s-]\d{3}[\s-]\d{3,4}(?![\d/])"
    r"|\bwww\.|https?://|\b\d{4}\s+[A-ZÁÉÍÓÖŐÚÜŰ]\w+.{0,40}\b(?:u|út|ut|utca|tér|krt|körút|köz|sor)\b\.?",
)

# Words that head the columns of a request's table
COLUMN_HEADINGS = (
    r"(?:teljes |dolgozó |munkatárs |felhasználó |ügyintéző )?név(?:e)?\b",
    r"(?:vezeték|család|utó|kereszt)név",
    r"p\.?\s?í\.?\s?r\b|törzs(?:szám|könyvi)",
    r"(?:vár)?megye",
    r"e-?mail|levelezési cím|elektronikus cím",
    r"önkormányzat|hivatal|munkahely|munkáltató|település|szerv(?:ezet)?\b|intézmény|cég\b",
    r"szakrendszer|modul|tananyag|képzés|kurzus|tanfolyam|program",
    r"s(?:or)?sz(?:ám)?\b|#",
    r"beosztás|munkakör|jegyző|telefon",
    r"kért |igényelt ",
)

_LOOSE = str.maketrans(
    {"á": "[áa]", "é": "[ée]", "í": "[íi]", "ó": "[óo]", "ö": "[öőo]", "ő": "[őöo]"}
    | {"ú": "[úu]", "ü": "[üűu]", "ű": "[űüu]"}
)


def loosely(*patterns: str) -> str:
    """One pattern for any of `patterns`, each accented letter also met by its plain one: many type without accents."""
    return "|".join(patterns).translate(_LOOSE)
