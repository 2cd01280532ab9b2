"""Words and lines by which mailers and people mark quotes, forwards, signatures and footers, as data.

Sources: domain.md §8.2 (Mozilla and Roundcube hu translations, crisp-oss/email-forward-parser, list archives), the
Hungarian user interfaces of Outlook, Gmail, Apple Mail. All are compared without regard to case.
"""

from __future__ import annotations

# The corrective reply's form; templates/replies/ writes the same two lines
FORM_START = "ADATLAP (kérjük, a sorokat kitöltve küldje vissza)"
FORM_END = "ADATLAP VÉGE"

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
    r"tov[aá]bb[ií]t(?:om|juk|ott|va|ani|ás)",
    r"(?:al[aá]bbi|lenti|als[oó]|lentebbi|mell[eé]kelt|csatolt|al[aá]bb l[eé]v[oő]|lent l[eé]v[oő]|lent olvashat[oó]"
    r"|al[aá]bb olvashat[oó]|al[aá]bb tal[aá]lhat[oó])\s+(?:\w+\s+){0,3}?"
    r"(?:k[eé]relm|k[eé]r[eé]s|lev[eé]l|level[eé]|[uü]zenet|e-?mail|email|megkeres|ig[eé]ny|regisztr[aá]ci[oó]s k)",
    r"l[aá]sd (?:al[aá]bb|lent|al[ou]l)",
    r"(?:koll[eé]ga|koll[eé]gan[oő]|munkat[aá]rs)\w*\s+(?:al[aá]bbi|lenti)?\s*(?:k[eé]r[eé]s|level|k[eé]relm)\w*"
    r"\s+(?:al[aá]bb|lent|tov[aá]bb)",
    r"(?:al[aá]bbi|lenti)a?kat\s+(?:t[aá]mogat|j[oó]v[aá]hagy|tov[aá]bb|k[uü]ld)",
    r"see below|please see the (?:mail|message) below",
)
POINTING_WEAKLY = (
    r"\b(?:az )?al[aá]bbi",
    r"\blenti",
    r"\blent\b",
    r"\bal[aá]bb\b",
    r"\bt[aá]mogatom\b",
    r"\bjelz[eé]se",
)

CLOSINGS = (
    r"(?:szívélyes |baráti |baráti |kollegiális |tisztelettel(?:jes)? )?üdvözlettel",
    r"(?:őszinte |mély |maradok )?tisztelettel",
    r"(?:előre is |segítségüket |segítségét )?köszönettel(?: és (?:üdvözlettel|tisztelettel))?",
    r"üdvözlettel és köszönettel",
    r"üdv(?:özöl)?",
    r"üdvözlöm",
    r"(?:mielőbbi |szíves )?(?:válaszát|segítségét|közreműködését|intézkedését|válaszukat|segítségüket)"
    r"(?: előre is)? (?:várva|megköszönve),? ?(?:tisztelettel|üdvözlettel|köszönettel)?",
    r"tisztelettel és üdvözlettel",
    r"puszi",
    r"(?:kind |best |warm )?regards",
    r"best wishes",
    r"sincerely(?: yours)?",
    r"mit freundlichen grüßen",
)
# These are a signature's beginning only where a name follows at once
WEAK_CLOSINGS = (
    r"(?:nagyon |előre is |mindent )?(?:nagyon )?(?:szépen )?(?:köszönöm|köszönjük|köszi|kösz)"
    r"(?: szépen| előre is| a segítség\w*| segítség\w*)?",
    r"(?:segítség|közreműködés|intézkedés|fáradozás)\w*(?: előre is)? (?:előre is )?(?:köszönöm|köszönjük)",
    r"(?:várom|várjuk) (?:szíves |mielőbbi )?(?:válasz|intézkedés|visszajelzés)\w*",
    r"(?:további )?(?:szép|kellemes|jó) (?:napot|hétvégét|hetet|munkát|délutánt|ünnepeket)(?: kívánok| kívánunk)?",
    r"thank you|thanks|cheers",
)

PHONE_SIGNATURES = (
    r"(?:az? )?(?:\w+ ){0,3}(?:iphone|ipad|ipod|android|samsung|galaxy|huawei|xiaomi|redmi|honor|mobil"
    r"|okostelefon|telefon)[^.!?:@]{0,50}\bküld(?:ve|öm|tem|ött)\b.{0,80}",
    r"(?:az? )?(?:android|k-9|ios|outlook|bluemail|aquamail|protonmail|proton mail|gmail|yahoo|thunderbird)"
    r"[^.!?:@]{0,60}\bküld(?:ve|öm|tem|ött)\b.{0,120}",
    r"küldve (?:az? )?\w.{0,80}",
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
PIR_LABELS = (r"p\.?\s?[ií]\.?\s?r\b\.?[^:]{0,20}|törzs(?:szám|könyvi)[^:]{0,30}",)
POSTSCRIPTS = (r"u\.?\s?i\.?\s?[:.,-]", r"p\.?\s?s\.?\s?[:.,-]", r"utóirat")
CONTACT = (
    r"\b(?:tel|telefon|fax|mobil|mob|phone|cell)\b\s*\.?\s*(?:/\s*\w+\s*)?[:.]?\s*[+(\d]|(?:\+36|\b06)[\s/\-(]*\d{1,2}[\s/\-)]"
    r"|\bwww\.|https?://|\b\d{4}\s+[A-ZÁÉÍÓÖŐÚÜŰ]\w+.{0,40}\b(?:u|út|utca|tér|krt|körút|köz|sor)\b\.?",
)

# Words that head the columns of a request's table
COLUMN_HEADINGS = (
    r"(?:teljes |dolgozó |munkatárs |felhasználó |ügyintéző )?n[eé]v(?:e)?\b",
    r"(?:vezeték|család|utó|kereszt)név",
    r"p\.?\s?[ií]\.?\s?r\b|törzs(?:szám|könyvi)",
    r"(?:vár)?megye",
    r"e-?mail|levelezési cím|elektronikus cím",
    r"önkormányzat|hivatal|munkahely|munkáltató|település|szerv(?:ezet)?\b|intézmény|cég\b",
    r"szakrendszer|modul|tananyag|képzés|kurzus|tanfolyam|program",
    r"s(?:or)?sz(?:ám)?\b|#",
    r"beosztás|munkakör|jegyző|telefon",
    r"kért |igényelt ",
)
