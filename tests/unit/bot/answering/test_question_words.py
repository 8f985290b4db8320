"""Questions in the languages that are common on Discord, with and without a question mark."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.question_detection import reads_like_a_question
from bot.answering.question_words import asks_in_any_language


@pytest.mark.parametrize(
    "text",
    [
        "wo ist der Leuchtturm",
        "was kostet eine Karte",
        "d\u00f3nde est\u00e1 el faro",
        "cuantos barcos hay",
        "quem construiu o farol",
        "como fa\u00e7o para entrar",
        "o\u00f9 est le phare",
        "comment fonctionne la lampe",
        "chi \u00e8 il guardiano",
        "waar is de vuurtoren",
        "kto zbudowa\u0142 latarni\u0119",
        "\u0433\u0434\u0435 \u043c\u0430\u044f\u043a",
        "\u0434\u0435 \u043c\u0430\u044f\u043a",
        "nerede deniz feneri",
        "siapa penjaga mercusuar",
        "\u0111\u00e8n bi\u1ec3n \u1edf \u0111\u00e2u",
        "\u706f\u53f0\u306f\u3069\u3053\u3067\u3059\u304b",
        "\u8ab0\u304c\u4f4f\u3093\u3067\u3044\u308b\u306e",
        "\ub4f1\ub300\ub294 \uc5b4\ub514\uc5d0 \uc788\ub098\uc694",
        "\u8c01\u5efa\u4e86\u706f\u5854",
        "\u706f\u5854\u8fd8\u4eae\u5417",
        "\u0623\u064a\u0646 \u0627\u0644\u0645\u0646\u0627\u0631\u0629",
        "\u0926\u0940\u092a\u0915 \u0915\u0939\u093e\u0901 \u0939\u0948",
        "\u0e1b\u0e23\u0e30\u0e20\u0e32\u0e04\u0e32\u0e23\u0e2d\u0e22\u0e39\u0e48\u0e17\u0e35\u0e48\u0e44\u0e2b\u0e19",
        "\u706f\u53f0\u306f\u9ad8\u3044\uff1f",
        "\u03a0\u03bf\u03cd \u03b5\u03af\u03bd\u03b1\u03b9 \u03bf \u03c6\u03ac\u03c1\u03bf\u03c2;",
        "\u0388\u03c7\u03b5\u03b9 \u03c4\u03bf \u00ab\u03a6\u03ac\u03c1\u03bf\u00bb;",
        "\u03a0\u03cc\u03c3\u03bf \u03ba\u03ac\u03bd\u03b5\u03b9 \u03c4\u03bf Discord;",
        "\u0388\u03c7\u03b5\u03b9 \u00abGUI\u00bb; \u03a9\u03c1\u03b1\u03af\u03b1",
        "\u0e40\u0e23\u0e37\u0e2d\u0e2d\u0e2d\u0e01\u0e27\u0e31\u0e19\u0e43\u0e14",
        "\u0e1b\u0e23\u0e30\u0e20\u0e32\u0e04\u0e32\u0e23\u0e2a\u0e39\u0e07\u0e41\u0e04\u0e48\u0e44\u0e2b\u0e19",
        "\u0e40\u0e25\u0e48\u0e21\u0e44\u0e2b\u0e19\u0e14\u0e35",
        "fener a\u00e7\u0131k m\u0131",
        "Deniz feneri hala yan\u0131yor mu",
        "vapur burada m\u0131.",
        "vapur gecikti mi",
        "\u043a\u0442\u043e \u0445\u0440\u0430\u043d\u0438\u043b \u043c\u0430\u044f\u043a",
        "\u043a\u0430\u043a\u043e\u0439 \u043c\u0430\u044f\u043a \u0432\u044b\u0448\u0435",
        "wie hoch ist der Turm",
    ],
)
def test_question_words_and_marks_of_other_languages_ask(text):
    """A question word where questions have it, or a question mark of any script."""
    assert reads_like_a_question(text)


@pytest.mark.parametrize(
    "text",
    [
        "was great at the harbour",
        "comment out the lamp",
        "care to join the boats",
        "kim said hello to the keeper",
        "var lamp = 3",
        "hoe the garden; then rest",
        "der Leuchtturm ist alt",
        "el faro es viejo",
        "le phare est vieux",
        "\u706f\u53f0\u306f\u53e4\u3044\u3067\u3059\u3002",
        "\u706f\u5854\u5f88\u65e7\u3002",
        "\u043c\u0430\u044f\u043a \u0441\u0442\u0430\u0440\u044b\u0439",
        "\ub4f1\ub300\ub294 \ub0a1\uc558\uc2b5\ub2c8\ub2e4",
        "\u0447\u0442\u043e-\u0442\u043e \u0441\u043b\u043e\u043c\u0430\u043b\u043e\u0441\u044c",
        "\u043a\u0442\u043e-\u0442\u043e \u0442\u0430\u043c",
        "\u043a\u0430\u043a\u043e\u0439-\u0442\u043e \u043c\u0430\u044f\u043a",
        "\u0433\u0434\u0435-\u043d\u0438\u0431\u0443\u0434\u044c \u0442\u0430\u043c",
        "\u043a\u0430\u043a \u043e\u0431\u044b\u0447\u043d\u043e, \u0434\u0430",
        "Wie gesagt, der Turm ist zu",
        "wie immer zu sp\u00e4t",
        "este faro es para mi",
        "the \u03bc value; then rest",
        "\u0e44\u0e21\u0e48\u0e41\u0e15\u0e48\u0e2d\u0e22\u0e48\u0e32\u0e07\u0e43\u0e14",
        "\u039f \u03c6\u03ac\u03c1\u03bf\u03c2 \u03ba\u03b1\u03af\u03b5\u03b9.",
    ],
)
def test_statements_do_not_ask(text):
    """English words that look like question words of other languages are no questions."""
    assert not asks_in_any_language(text)


@given(st.text(max_size=200))
def test_any_text_is_judged(text):
    """No message breaks the judgement."""
    assert asks_in_any_language(text) in (True, False)
