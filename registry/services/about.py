"""Which problems and notes speak of which field: they fall away when a person rewrites it."""

from __future__ import annotations

ABOUT = {
    "full_name": ("full_name_missing",),
    "municipality": ("municipality_missing", "municipality_unknown", "county_mismatch"),
    "pir": (
        "pir_missing",
        "pir_invalid",
        "pir_from_tax_number",
        "pir_contradicts_tax_number",
        "pir_of_another_body",
    ),
    "county": ("county_missing", "county_mismatch", "county_inferred"),
    "email": ("email_missing", "email_invalid", "email_not_personal", "email_shared", "email_unrelated_to_name"),
    "modules": ("modules_missing", "modules_unknown", "modules_partly_unknown"),
}
JEGYZO = ("jegyzo_not_in_cc", "jegyzo_unclear")
FIELD_OF = {code: name for name, codes in (*ABOUT.items(), ("jegyzo", JEGYZO)) for code in codes}
