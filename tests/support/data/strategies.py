"""Texts, quotes and languages that hypothesis draws for tests of what people read."""

from hypothesis import strategies as st

from bot.answering.quote import Quote
from bot.languages import LANGUAGES, catalogue

# Each construct of Discord's Markdown, and what looks like one.
HOSTILE = [
    "@everyone",
    "@here",
    "<@1>",
    "<@!1>",
    "<@&1>",
    "<#1>",
    "</ask:1>",
    "<id:home>",
    "<:boat:12345>",
    "<a:boat:12345>",
    "<t:1700000000:R>",
    "```",
    "```py\nboat\n```",
    "`boat`",
    "``a ` b``",
    "||boat||",
    "[boat](https://a.example)",
    "[boat](<https://a.example> 'x')",
    "https://a.example/x_y_z",
    "<http://a.example>",
    "# boat",
    "### boat",
    "-# boat",
    "- boat",
    "* boat",
    "+ boat",
    "  - boat",
    "1. boat",
    "12) boat",
    "1887. A storm",
    "-",
    "> boat",
    ">>> boat",
    ">>>",
    ":fire:",
    ":+1:",
    ":man-rowing_boat:",
    ":a:b:c:",
    "12:30:45",
    "discord.gg/boat",
    "Discord.GG/boat",
    "discord.com/invite/boat",
    "discordapp.com/invite/boat",
    "https://discord.gg/boat",
    "*boat*",
    "**boat**",
    "***boat***",
    "_boat_",
    "__boat__",
    "a_b_c",
    "~~boat~~",
    "\\",
    "\\\\",
    "\\*boat\\*",
    "\\@everyone",
    "\U0001f6a2",
    "\U0001d54f",
    "e\u0301",
    "\u202eboat",
    "\n",
    "\n\n",
    " ",
    "boat",
    ".",
    "9",
]

# One paragraph after another, never beginning or ending in white space, as the index has them.
any_text = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=6)
hostile_text = st.lists(st.sampled_from(HOSTILE) | any_text, max_size=6).map("".join)
hostile_sentence = hostile_text.map(lambda text: " ".join(text.split())).filter(bool)
long_sentence = st.builds(
    lambda text, times: " ".join([text] * times), hostile_sentence, st.integers(1, 120)
)
any_sentence = hostile_sentence | long_sentence

# What people type into a form: Markdown, quotation marks, white space and any other character.
typed_text = st.text(
    alphabet=st.one_of(
        st.sampled_from("*_~|`<>[]()#@\\=+-\t\n\"',;\U0001f991"),
        st.characters(codec="utf-8"),
    ),
    min_size=1,
    max_size=400,
)

languages = st.sampled_from(LANGUAGES).map(catalogue)


def quote_of(
    sentences,
    highlighted=0,
    joint=" ",
    paragraph=1,
    title="Boats",
    source="boats.txt",
    section=None,
    page=None,
    url=None,
):
    """Return a quote of these sentences; `highlighted` is the number of the answering one."""
    text, spans = "", []
    for sentence in sentences:
        text += joint if text else ""
        spans.append((len(text), len(text) + len(sentence)))
        text += sentence
    highlight = None if highlighted is None else spans[highlighted % len(spans)]
    return Quote(text, source, title, section, paragraph, 1.0, highlight, tuple(spans), page, url)


quotes = st.builds(
    quote_of,
    st.lists(any_sentence, min_size=1, max_size=4),
    st.none() | st.integers(0, 3),
    st.sampled_from([" ", "\n"]),
    st.integers(1, 9999),
    any_sentence,
    any_sentence,
    st.none() | any_sentence,
    st.none() | st.integers(1, 9999),
    st.none() | hostile_text.map("https://a.example/{}".format),
)
