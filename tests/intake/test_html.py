"""HTML bodies to lines: what a reader sees and nothing else."""

import pytest

from worker.intake.html import html_lines, visible_length
from worker.intake.lines import Mark, joined


def seen(source: str) -> str:
    return joined(html_lines(source))[0]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("a<br>b<br><br>c", "a\nb\n\nc"),
        ("<p>a</p><p>b</p>", "a\n\nb"),
        ("<div>a</div><div>b</div><div><br></div><div>c</div>", "a\nb\n\nc"),
        ("<p class=MsoNormal>a</p><p class=MsoNormal><o:p>&nbsp;</o:p></p><p class=MsoNormal>b</p>", "a\n\nb"),
        ("<p style='margin:0'>a</p><p style='margin:0cm'>b</p>", "a\nb"),
        ("<p style='margin:0 0 10px'>a</p><p>b</p>", "a\n\nb"),
        ("a <b>b</b><i>c</i>\n d", "a bc d"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("<ul><li>a<li>b</ul>", "• a\n• b"),
        ("<ol><li>a</li><li>b</li></ol><ol start=5><li>c</li></ol>", "1. a\n2. b\n\n5. c"),
        ("<head><title>x</title><style>p{}</style></head><script>x</script>a", "a"),
        ("<span style='display:none'>x</span>a<span style='FONT-SIZE:0px'>x</span>", "a"),
        ("<div style='max-height:0;overflow:hidden'>x</div>a<p hidden>x</p>", "a"),
        ("<span style='font-size:0.9em'>a</span>", "a"),
        ("a<!-- x --><![if !supportLists]>b<![endif]>", "ab"),
        ("&ouml;&#337;&#x171;&nbsp;&amp;&lt;", "öőű &<"),
        ("jegyz\u00f5 re\u00adg", "jegyző reg"),
        ("<a href='mailto:x@y.hu'>a@b.hu</a>", "a@b.hu"),
        (
            "<input type=checkbox checked>ADÓ<br><input type=checkbox>KATI<br><input value='740009'>",
            "☒ ADÓ\n☐ KATI\n740009",
        ),
        ("<select><option>Pest<option selected>Zala</select>", "Zala"),
        ("<textarea>szöveg</textarea>", "szöveg"),
        ("a</div></td>b<p>c", "ab\n\nc"),
        ("a\0b<p", "ab"),
        ("", ""),
        ("<", "<"),
    ],
)
def test_what_a_reader_sees(source: str, text: str) -> None:
    assert seen(source) == text


def test_quotes_and_signatures_are_marked() -> None:
    lines = html_lines("a<blockquote>b<blockquote>c</blockquote></blockquote><div class='gmail_signature'>d</div>")
    assert [(line.text, line.depth, line.mark) for line in lines if line.text] == [
        ("a", 0, Mark.NONE),
        ("b", 1, Mark.NONE),
        ("c", 2, Mark.NONE),
        ("d", 0, Mark.SIGNATURE),
    ]


@pytest.mark.parametrize(
    ("source", "tables"),
    [
        ("<table><tr><td>a<td>b<tr><td>c<td>d</table>", [[("a", "b"), ("c", "d")]]),
        ("<table><tr><td rowspan=2>a<td>b<tr><td>c</table>", [[("a", "b"), ("a", "c")]]),
        ("<table><tr><td>x<td>y<tr><td colspan=2>a<tr><td>b<td>c</table>", [[("x", "y"), ("a", "a"), ("b", "c")]]),
        ("<table><tr><td>a<td><table><tr><td>b</table><tr><td>c<td>d</table>", [[("a", "b"), ("c", "d")]]),
        ("<table><tr><td><table><tr><td>a<td>b</table></table>", [[("a", "b")]]),
        ("<table><tr><td>egyetlen oszlop<tr><td>nem táblázat</table>", []),
        ("<table><tr><td>&nbsp;<td>egy<tr><td><td>kettő</table>", []),
        ("<table><tr><td>balra<td><blockquote>idézet</blockquote></table>", []),
        (f"<table><tr><td>a<td>{'hosszú szöveg ' * 80}</table>", []),
        ("<table><tr><td>a<td>b<tr><td>c</table>", [[("a", "b"), ("c", "")]]),
        (
            "<table><tr><th>PIR<br>szám<td>ADÓ<br>KATI<tr><td>Kovács<br>anna<td>x,<br>Y</table>",
            [[("PIR szám", "ADÓ; KATI"), ("Kovács; anna", "x, Y")]],
        ),
    ],
)
def test_tables_of_data_and_of_layout(source: str, tables: list[list[tuple[str, ...]]]) -> None:
    found = joined(html_lines(source))[1]
    assert [[tuple(cell.text for cell in row) for row in table.rows] for table in found] == tables


def test_a_tables_title_and_note_are_lines() -> None:
    source = "<table><tr><td colspan=2>cím<tr><td>a<td>b<tr><td>c<td>d<tr><td colspan=2>jegyzet</table>"
    text, (table,) = joined(html_lines(source))
    assert text == "cím\na\tb\nc\td\njegyzet"
    assert [tuple(cell.text for cell in row) for row in table.rows] == [("a", "b"), ("c", "d")]


def test_visible_length_leaves_out_what_nobody_sees() -> None:
    assert visible_length("<style>p { margin: 0 }</style><!-- x --><p>két szó</p><script>x") == len("kétszó")
