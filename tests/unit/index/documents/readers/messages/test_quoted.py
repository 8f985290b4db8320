"""A letter is read without the letters that it quotes, whatever program wrote it."""

import pytest

from tests.support.data.document_files import read_bytes, texts

OUTLOOK = "From: Ann [mailto:ann@a.example]\nSent: Friday, 2 January\nTo: Ben\nSubject: Tide"
GERMAN = "Von: Ann\nGesendet: Freitag\nAn: Ben\nBetreff: AW: Tide"


def _letter(body, kind="plain"):
    """Return the texts of a letter."""
    head = f"From: ben@a.example\nSubject: Re: Tide\nContent-Type: text/{kind}; charset=utf-8\n\n"
    return texts(read_bytes("a.eml", (head + body).encode()))


@pytest.mark.parametrize(
    "quoted",
    [
        f"{OUTLOOK}\n\nWhen is low tide?\n",
        f"{OUTLOOK.replace(chr(10), chr(10) * 2)}\n\nWhen is low tide?\n",
        f"-----Original Message-----\n{OUTLOOK}\n\nWhen is low tide?\n",
        f"{'_' * 32}\n{GERMAN}\n\nWhen is low tide?\n",
        "On Friday, Ann <ann@a.example> wrote:\n> When is low tide?\n",
        "-- \nBen, harbour master\n",
        f"{'_' * 47}\nTide mailing list\nTide@a.example\nhttps://a.example/tide\n",
    ],
)
def test_letter_has_only_its_own_text(quoted):
    """Headers of other letters, lists' footers and signatures are no text, and name nobody."""
    assert _letter(f"At noon.\n\n{quoted}") == ["At noon."]


def test_letter_with_a_plan_keeps_it():
    """Lines with labels are the header of a letter only with a sender and a subject."""
    plan = "From: Hull\nTo: Grimsby\nTime: 10:00"
    assert _letter(f"The boat goes.\n\n{plan}\n\nBring coats.") == [
        "The boat goes.",
        plan.replace("\n", " "),
        "Bring coats.",
    ]


def test_letter_that_is_only_passed_on_is_kept():
    """Its own text is nothing."""
    assert _letter(f"{OUTLOOK}\n\nWhen is low tide?\n")[-1] == "When is low tide?"


QUOTED = "<p>When is low tide?</p>"
HEADER = (
    "<b>From:</b> Ann [mailto:ann@a.example]<br><b>Sent:</b> Friday<br><b>To:</b> Ben<br>"
    "<b>Subject:</b> Tide"
)


@pytest.mark.parametrize(
    "quoted",
    [
        f'<div class="gmail_quote">On 2 Jan Ann wrote:<blockquote>{QUOTED}</blockquote></div>',
        f'<div class="moz-cite-prefix">2 Jan:</div><blockquote type="cite">{QUOTED}</blockquote>',
        f'2 Jan, Ann:<br><blockquote type="cite">{QUOTED}</blockquote>',
        f'<div>2 Jan, Ann:</div><blockquote type="cite">{QUOTED}</blockquote>',
        f'<div style="border-top:solid"><p>{HEADER}</p></div>{QUOTED}',
        f'<div id="appendonsend"></div><hr><div>{HEADER}</div>{QUOTED}',
        f'<hr id="stopSpelling">Date: 2 Jan<br>{QUOTED}',
    ],
)
def test_letter_of_html_has_only_its_own_text(quoted):
    """What programs mark as quoted, and what follows the header of another letter."""
    page = f'<?xml version="1.0" encoding="utf-8"?><html><body><div><p>At noon.</p>{quoted}</div>'
    assert _letter(page, "html") == ["At noon."]


def test_letter_of_html_keeps_what_it_says_above_a_quote():
    """A line that does not date a letter is its own; so is all of one that is passed on."""
    page = f'<p>You asked this:</p><blockquote type="cite">{QUOTED}</blockquote><p>At noon.</p>'
    assert _letter(page, "html") == ["You asked this:", "At noon."]
    passed_on = f'<html><body><div class="gmail_quote">{QUOTED}</div>'
    assert _letter(passed_on, "html") == ["When is low tide?"]
