"""Targets for texts: the readers of each format, the splitting, the synonyms."""

import io
import json
import zipfile
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path

import docx
import openpyxl
from reportlab.pdfgen.canvas import Canvas

from index.analysis.synonyms import Synonyms
from index.documents import Document, Limits, Paragraph
from index.documents.formats import FORMATS
from index.documents.readers.front_matter import dated, published_at, split_front_matter
from index.errors import SynonymsError
from index.passages.split_passages import split_passages
from tests.support.data.document_files import archive_of

# Small, so that inputs reach them.
LIMITS = Limits(max_file_mb=1, max_pages=20, max_parts=20)

Target = Callable[[bytes], None]

_PAGE = "<html><head><title>Boats</title></head><body><h1>Boats</h1><p>The bell.</p></body></html>"
_SITE = b"""<main><form><input><ol reversed type=a><li><p>a</p><pre class=lang-x>  b</pre></ol>
<div role=tablist><b role=tab>c</b></div><div role=tabpanel hidden>d <s>e</s><a href=#f>#</a></div>
<details><summary>g?</summary>h</details><dl><dt>i<dd>j</dl><button aria-expanded=false>k</button>
<p>l <math><msup><mi>m</mi><mn>2</mn></msup></math><table><caption>n</caption><thead><tr><td>o
<th colspan=2>p<tr><td rowspan=2>q<td><td>r<table><tr><td>s</table></table>
<time datetime=2026-01-02>
<section id=t><h2>u <a name=v></a></h2><aside class=note>w</aside></section></form></main>"""
_BOOK = {
    "META-INF/container.xml": '<container><rootfiles><rootfile full-path="a.opf"/></rootfiles>'
    "</container>",
    "a.opf": '<package><metadata><title>Boats</title></metadata><manifest><item id="a" '
    'href="a.xhtml" media-type="text/html"/></manifest><spine><itemref idref="a"/></spine>'
    "</package>",
    "a.xhtml": _PAGE,
    "META-INF/encryption.xml": '<encryption><CipherReference URI="b.ttf"/></encryption>',
}


def check_paragraphs(paragraphs: Sequence[Paragraph]) -> None:
    """Check what every reader promises of its paragraphs, and that they can be written down."""
    assert [one.number for one in paragraphs] == list(range(1, len(paragraphs) + 1))
    for one in paragraphs:
        assert one.text
        keeps_blanks = one.kind in ("code", "table")  # the indentation, or an empty first cell
        assert one.text == (one.text.rstrip() if keeps_blanks else one.text.strip())
        assert all(0 <= mark.start < mark.end <= len(one.text) for mark in one.marks)
        assert one.page is None or 1 <= one.page <= LIMITS.max_pages
        f"{one.text}{one.section or ''}".encode()


def _reader(suffix: str) -> Target:
    """Return the target for a format: a document, or the reason why there is none."""
    read = FORMATS[suffix].read

    def target(data: bytes) -> None:
        try:
            content = read(data, LIMITS)
        except ValueError:
            return
        except Exception:
            if not FORMATS[suffix].min_isolated_bytes:  # the reader process says "it is damaged"
                return
            raise
        check_paragraphs(content.paragraphs)
        (content.title or "").encode()
        _split(content.paragraphs)

    return target


def _split(paragraphs: Sequence[Paragraph]) -> None:
    """Split a document, and check that each passage is a part of its blocks."""
    for passage in split_passages(Document("a.txt", "A", tuple(paragraphs))):
        blocks = paragraphs[passage.paragraph - 1 : passage.paragraph_end]
        whole = "".join("".join(block.text for block in blocks).split())
        assert "".join(passage.text.split()) in whole
        assert all(0 <= mark.start < mark.end <= len(passage.text) for mark in passage.marks)


def splitting(data: bytes) -> None:
    """Split any text into passages and sentences."""
    text = data.decode("utf-8", "ignore").strip()
    if text:
        _split([Paragraph(1, text)])


def front_matter(data: bytes) -> None:
    """Read any header."""
    text = data.decode("utf-8", "ignore")
    header, rest = split_front_matter(text)
    assert text.endswith(rest)
    for name, value in header.items():
        f"{name}{value}".encode("utf-8", "strict" if value else "replace")
    dated(header)
    url = published_at(header)
    assert url is None or url.startswith(("http://", "https://")), url


def synonyms(data: bytes) -> None:
    """Read any file of synonyms."""
    try:
        rules = Synonyms.parse(data.decode("utf-8", "ignore"), Path("synonyms.txt"))
    except SynonymsError:
        return
    assert all(phrase not in others for phrase, others in rules.rules.items())


def parts(suffix: str, names: Sequence[str], whole: Callable[[], dict[str, bytes]]) -> Target:
    """Return the target for an archive: the first byte says which part the others become."""
    read = _reader(suffix)

    def target(data: bytes) -> None:
        name = names[data[0] % (len(names) + 1) - 1] if data and data[0] % (len(names) + 1) else ""
        read(archive_of({**whole(), name: data[1:]}) if name else data[1:])

    return target


def _book() -> dict[str, bytes]:
    return {name: text.encode() for name, text in _BOOK.items()}


@cache
def _word() -> dict[str, bytes]:
    document = docx.Document()
    document.add_heading("Boats", 1)
    document.add_paragraph("The bell.", style="List Bullet")
    document.add_paragraph("The rope.", style="List Number").add_run("x").font.strike = True
    document.add_table(1, 2).cell(0, 0).text = "nets"
    stream = io.BytesIO()
    document.save(stream)
    with zipfile.ZipFile(stream) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


_WORD_PARTS = (
    *("word/document.xml", "word/styles.xml", "word/numbering.xml", "docProps/core.xml"),
    *("word/_rels/document.xml.rels", "[Content_Types].xml"),
)


@cache
def _workbook() -> dict[str, bytes]:
    workbook = openpyxl.Workbook()
    workbook.active.append(["boat", "crew"])
    workbook.active.append(["Ada", 0.25])
    workbook.active["B2"].number_format = "0%"
    workbook.create_sheet("Tides").append(["low", datetime(2026, 3, 1)])
    stream = io.BytesIO()
    workbook.save(stream)
    with zipfile.ZipFile(stream) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


_SHEET_PARTS = (
    *("xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"),
    *("xl/_rels/workbook.xml.rels", "[Content_Types].xml"),
)


_OFFICE = "urn:oasis:names:tc:opendocument:xmlns"
_NAMESPACES = f'xmlns:o="{_OFFICE}:office:1.0" xmlns:t="{_OFFICE}:text:1.0"'
_OPEN_DOCUMENT = {
    "content.xml": f'<o:document-content {_NAMESPACES} xmlns:b="{_OFFICE}:table:1.0"><o:body>'
    '<o:text><t:h t:outline-level="1">Boats</t:h><t:p>The '
    '<t:sequence t:name="a">2</t:sequence> bells.'
    "<t:note><t:note-body><t:p>Late.</t:p></t:note-body></t:note></t:p><t:list><t:list-item><t:p>"
    "nets</t:p></t:list-item></t:list><b:table><b:table-row><b:table-cell><t:p>ropes</t:p>"
    "</b:table-cell></b:table-row></b:table></o:text></o:body></o:document-content>",
    "styles.xml": f"<o:document-styles {_NAMESPACES}><o:styles/></o:document-styles>",
    "meta.xml": '<a xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Boats</dc:title></a>',
    "META-INF/manifest.xml": "<manifest/>",
}


def _open_document() -> dict[str, bytes]:
    return {name: text.encode() for name, text in _OPEN_DOCUMENT.items()}


def _seeds(names: Sequence[str], whole: dict[str, bytes]) -> list[bytes]:
    chosen = [bytes([number]) + whole[name] for number, name in enumerate(names, start=1)]
    return [b"\0" + archive_of(whole), *chosen]


def _pdf() -> bytes:
    stream = io.BytesIO()
    canvas = Canvas(stream, pageCompression=0)
    canvas.setTitle("Boats")
    canvas.bookmarkPage("a")
    canvas.addOutlineEntry("Boats", "a")
    for line, height in (("Boats", 750), ("The boats leave be-", 720), ("fore dawn.", 706)):
        canvas.drawString(72, height, line)
    canvas.showPage()
    canvas.save()
    return stream.getvalue()


_TEXT = b"The harbour\n\nThe bell rang. Mr. Finch heard it!\n\n1. nets\n2. ropes\n"
_MARKDOWN = (
    b"---\ntitle: Boats\nurl: https://a.example\n---\n# Boats\n\n- *nets*\n- ropes\n\n| a | b |\n"
    b"|---|---|\n| c | d |\n\n```sh\nring\n```\n\n> [bell](https://b.example) ![x](y) <b>z</b>\n"
)

_COMPONENTS = b"""import A from 'a'

<Tabs items={['a']}>
  <Tab>
    ```js
    x
    ```
  </Tab>
</Tabs>

:::tip[a]
b {c}
:::

!!! note "a"
    b[^1]

> [!TIP] a
> [[b|c]] %%d%%

[^1]: e

{{< tab "a" >}}
{% hint %}
<details><summary>a</summary>

b
</details>

## A {#b}

- [ ] c ^d
"""


_STRUCTURED = b"""Boats
=====

.. note:: A :ref:`b <c>` [1]_ and *d*

.. code-block:: sh
   :x: y

   ring

.. [1] The bell.

.. list-table::
   :header-rows: 1

   * - e
     - f

- g

  1. h

.. tab:: i

   ``j`` `k <https://a.example>`_ |l|

term
   :m: n
"""

_RICH_TEXT = rb"""{\rtf1\ansi\ansicpg1251\deff0{\fonttbl{\f0\fcharset0 A;}{\f1\fcharset128 B;}}
{\info{\title \'c1}}\f0 caf\'e9 {\f1 \'83^}\uc1\u-10179?\u-8704? \{\}{\pict\bin2 }}}{\footnote a}
\par\trowd\intbl b\cell c\cell\row\pard\plain d\par}"""
_ASCIIDOC = b"""////
a
////
= Boats
:b: c

ifdef::b[]
The {b} bell.footnote:[Late.]
endif::[]
include::d.adoc[]

[source,sh]
----
ring <1>
----
<1> e

|===
|f |g
|===

NOTE: h

i:: j
"""


_NOTEBOOK = {
    "metadata": {"language_info": {"name": "python"}},
    "cells": [
        {"cell_type": "markdown", "source": ["# Boats\n", "The bell."]},
        {
            "cell_type": "code",
            "source": "ring()",
            "outputs": [
                {"name": "stdout", "text": ["rang\n"]},
                {"data": {"text/plain": "9"}},
                {"output_type": "error", "ename": "E", "evalue": "x"},
            ],
        },
    ],
}


_CHAT = (
    b'{"guild":{"id":"1","name":"A"},"channel":{"id":"2","name":"b"},"messages":[{"id":'
    b'"1335180000000000001","timestamp":"2025-02-01T10:00:00+00:00","author":{"id":"9","name":"c",'
    b'"isBot":true},"content":"d @c","embeds":[{"title":"e","fields":[{"name":"f","value":"g"}]}],'
    b'"mentions":[{"id":"9","name":"c"}],"reference":{"messageId":"1335180000000000001"}}]}'
)
_CHAT_PAGE = (
    b"<div class=preamble__entry>A</div><div class=chatlog__message-group><div class="
    b"chatlog__message-container data-message-id=1335180000000000001><span class=chatlog__author>b"
    b"</span><i class=chatlog__reply-link onclick=\"scrollToMessage(event, '1')\">c</i><div class="
    b"chatlog__content>d <b class=chatlog__markdown-mention title=b>@b</b><code class="
    b"chatlog__markdown-pre--multiline>e</code></div></div></div>"
)
_LETTER = b"""From: =?utf-8?q?A?= <a@b>
Subject: Re: c
Date: Sat, 3 Jan 2026 01:05:34 +0000
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=x

--x
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: quoted-printable

A wrote:
> d

e=C3=A9
--=20
f
--x
Content-Type: message/rfc822

Subject: g
Content-Type: text/html

<p>h
--x--
"""


_WIKI = (
    b"<mediawiki><siteinfo><sitename>A</sitename><base>https://a.example/b</base></siteinfo><page>"
    b"<title>C</title><ns>0</ns><revision><timestamp>2026-03-01</timestamp><text>== d ==\n* e\n{|\n"
    b"! f\n|-\n| g\n|}</text></revision></page></mediawiki>"
)


def text_targets() -> dict[str, tuple[Target, list[bytes]]]:
    """Return each target with the inputs that it begins with."""
    return {
        "splitting": (
            splitting,
            [_TEXT, "Er kam. \u201eNein!\u201c U.S. He left... (a) b".encode()],
        ),
        "front-matter": (front_matter, [_MARKDOWN, b"---\n# x\ntags: [a, b]\n---\n"]),
        "synonyms": (synonyms, [b"pm, prime minister # x\npotus => president\na\\,b, c\n"]),
        "txt": (
            _reader(".txt"),
            [_TEXT, _TEXT.decode().encode("utf-16"), b"---\ntitle: a\n---\nb"],
        ),
        "md": (_reader(".md"), [_MARKDOWN, _COMPONENTS]),
        "mdx": (_reader(".mdx"), [_COMPONENTS]),
        "html": (
            _reader(".html"),
            [
                _PAGE.encode(),
                _SITE,
                b"<meta charset=koi8-r><ul><li>a<table><tr><td>b<pre>c</pre>",
            ],
        ),
        "epub": (parts(".epub", list(_BOOK), _book), _seeds(list(_BOOK), _book())),
        "docx": (parts(".docx", _WORD_PARTS, _word), _seeds(_WORD_PARTS, _word())),
        "pdf": (_reader(".pdf"), [_pdf()]),
        "rst": (_reader(".rst"), [_STRUCTURED]),
        "odt": (
            parts(".odt", list(_OPEN_DOCUMENT), _open_document),
            _seeds(list(_OPEN_DOCUMENT), _open_document()),
        ),
        "rtf": (_reader(".rtf"), [_RICH_TEXT]),
        "adoc": (_reader(".adoc"), [_ASCIIDOC]),
        "ipynb": (_reader(".ipynb"), [json.dumps(_NOTEBOOK).encode()]),
        "csv": (_reader(".csv"), [b'item,shelf\n"a, b",2\n\nnote\n', b"a;1\nb;2\n", b"a\tb\n1\t2"]),
        "xlsx": (parts(".xlsx", _SHEET_PARTS, _workbook), _seeds(_SHEET_PARTS, _workbook())),
        "json": (_reader(".json"), [_CHAT]),
        "eml": (_reader(".eml"), [_LETTER]),
        "mbox": (_reader(".mbox"), [b"From a Sat Jan  3 01:05:34 2026\n" + _LETTER + b"\n"]),
        "chat": (_reader(".html"), [_CHAT_PAGE]),
        "xml": (_reader(".xml"), [_WIKI]),
        "srt": (_reader(".srt"), [b"1\n00:00:01,000 --> 00:00:02,500\nThe <i>bell</i>\nrang.\n"]),
        "vtt": (_reader(".vtt"), [b"WEBVTT\n\nNOTE a\n\n1\n00:01.000 --> 00:02.000\n<v A>B</v>\n"]),
    }
