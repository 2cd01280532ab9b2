"""Make config/data/settlements.csv from the postcodes of the Python package countrystatecity-postal-codes (ODbL).

    python tools/make_settlements.py > config/data/settlements.csv

The package names a place as "Göd, Alsógöd": the town stands before the comma, a part of it behind. It still says
Csongrád, which is Csongrád-Csanád since 2020-06-04. Budapest's postcodes name its districts.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections import defaultdict
from importlib import metadata, resources

PACKAGE = "countrystatecity-postal-codes"
COUNTIES = {
    "BA": "Baranya", "BE": "Békés", "BK": "Bács-Kiskun", "BU": "Budapest", "BZ": "Borsod-Abaúj-Zemplén",
    "CS": "Csongrád-Csanád", "FE": "Fejér", "GS": "Győr-Moson-Sopron", "HB": "Hajdú-Bihar", "HE": "Heves",
    "JN": "Jász-Nagykun-Szolnok", "KE": "Komárom-Esztergom", "NO": "Nógrád", "PE": "Pest", "SO": "Somogy",
    "SZ": "Szabolcs-Szatmár-Bereg", "TO": "Tolna", "VA": "Vas", "VE": "Veszprém", "ZA": "Zala",
}  # fmt: skip
# Parts whose names say nothing outside their town.
NO_ALIAS = frozenset(
    (
        *("Budai út", "Center", "Gyártelep", "Hasznos", "Homok", "Kertváros", "Lemezgyár", "Mátrai Erőmű", "Rákos"),
        *("Mátravidéki erőmű", "Tiszavárkonyi Szőlők", "Vértes", "Újtanya", "Finke", "Bize", "Majos", "Alpár", "Sánc"),
    )
)
ROMAN = (
    *("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV", "XVI", "XVII"),
    *("XVIII", "XIX", "XX", "XXI", "XXII", "XXIII"),
)


def main() -> None:
    """Write the CSV to standard output."""
    path = resources.files("countrystatecity_postal_codes") / "data" / "by-country" / "HU" / "postcodes.json"
    records = json.loads(path.read_text("utf-8"))
    postcodes: dict[str, set[str]] = defaultdict(set)
    parts: dict[str, set[str]] = defaultdict(set)
    counties: dict[str, str] = {}
    for record in records:
        name, _, part = (piece.strip() for piece in record["localityName"].partition(","))
        name = _district(name)
        postcodes[name].add(record["code"])
        counties[name] = COUNTIES[record["stateCode"]]
        if part and part not in NO_ALIAS:
            parts[name].add(part)
    counties["Budapest"] = "Budapest"
    _write(postcodes, parts, counties)


def _district(name: str) -> str:
    found = re.fullmatch(r"Budapest (\d\d)\. ker\.", name)
    return f"Budapest {ROMAN[int(found[1]) - 1]}. kerület" if found else name


def _write(postcodes: dict[str, set[str]], parts: dict[str, set[str]], counties: dict[str, str]) -> None:
    version = metadata.version(PACKAGE)
    print(f"# source: Python package {PACKAGE} {version}, Open Database License (ODbL) 1.0")
    print("# date: 2026-11-01")
    print("# version: 1; made by tools/make_settlements.py, do not edit by hand")
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(("name", "county", "postcodes", "parts"))
    for name in sorted(counties):
        aliases = sorted(part for part in parts[name] if part not in counties)
        writer.writerow((name, counties[name], " ".join(sorted(postcodes[name])), "|".join(aliases)))


if __name__ == "__main__":
    main()
