"""Damaged attachments: whatever byte is wrong, the mail is read and the file is described."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.intake import samples
from worker.intake.parse import parse_message

FILES = {
    "a.xlsx": samples.workbook(),
    "a.docx": samples.document(),
    "a.ods": samples.open_document("spreadsheet", "<table:table><table:table-row/></table:table>"),
    "a.pdf": samples.pdf(samples.pdf_text((50, 700, "PIR: 740009"), (50, 650, "Teljes nev: Proba Pal"))),
    "a.rtf": rb"{\rtf1\ansi\ansicpg1250 PIR: 740009\par \trowd a\cell b\cell\row}",
    "a.doc": samples.old_word("Név\x07PIR\x07\x07Próba Pál\x07740373\x07\x07\rvége"),
    "a.msg": samples.outlook_msg(text="PIR: 740009", subject="x", sender="a@b.hu", files={"b.txt": b"c"}),
    "winmail.dat": samples.tnef(text="PIR: 740009", files=[("b.txt", b"c")]),
    "smime.p7m": samples.signed(b"Content-Type: text/plain\n\nPIR: 740009"),
    "a.zip": samples.zipped({"b.txt": b"PIR: 740009"}),
    "a.csv": b"a;b\n1;2\n",
}


@pytest.mark.parametrize("name", FILES)
@given(data=st.data())
@settings(deadline=None, max_examples=40)
def test_a_damaged_file_never_stops_the_mail(name: str, data: st.DataObject) -> None:
    content = FILES[name]
    at = data.draw(st.integers(0, len(content)))
    damaged = content[:at] + data.draw(st.binary(max_size=8)) + content[at + data.draw(st.integers(0, 8)) :]
    message = parse_message(samples.mail_with((name, damaged)))
    assert message.attachments or message.parts
