"""Templates are replaced by the text that they hold."""

import time

import pytest

from index.documents.readers.markup.wiki_templates import without_templates


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Run {{ic|ls {{!}} wc}} on {{Pkg|bells}}.", "Run ls | wc on bells."),
        ("Set {{ic|1=a=b}} in it.", "Set a=b in it."),
        ("It is {{convert|5|mi|km|abbr=on}} away.", "It is 5 mi away."),
        ("It is {{convert|5|mi}} from {{lang|el|Hull}}.", "It is 5 mi from Hull."),
        ("{{Note|Ring it {{ic|twice}}.}}", "\n\n'''Note:''' Ring it twice.\n\n"),
        ("{{bc|1=ring = 2}}", "\n<pre>ring = 2</pre>\n"),
        ("{{Quote|The tide is low in the harbour.}}", "The tide is low in the harbour."),
        ("{{Stub}}\n{{Main|Tides}}\n{{Infobox\n|a=b\n|c=[[d|e]]\n}}\nLow.", "\n\n\nLow."),
        ("A.<ref>{{cite web|url=x|title=y}}</ref>{{sfn|Finch}}", "A.<ref></ref>"),
        (
            "<nowiki>{{a}}</nowiki> and <pre>{{b}}</pre>",
            "<nowiki>{{a}}</nowiki> and <pre>{{b}}</pre>",
        ),
        ("[[a|b]] | {{c|[[d|e]]}} }} [[", "[[a|b]] | [[d|e]] }} [["),
        ("Low {{ic|tide", "Low ic|tide"),
        ("{{#if:a|b}}{{Box|a|b=c|d}} low", " low"),
    ],
)
def test_templates_show_their_text(text, shown):
    """Boxes keep their name; notes, pictures and what has only named values say nothing."""
    assert without_templates(text) == shown


@pytest.mark.parametrize(
    "text", ["{{}}" * 100_000, "<pre>" * 100_000, "{{a|x" * 100_000, "{{a|x" * 99 + "}}" * 99]
)
def test_hostile_templates_take_linear_time(text):
    """Many empty ones, deeply nested ones, and tags that are never closed."""
    started = time.process_time()
    without_templates(text)
    assert time.process_time() - started < 5
