"""Components go; their labels and what they wrap stay."""

import pytest

from index.documents.readers.markdown import read_markdown


def _read(markdown, *, mdx=True):
    return [(p.kind, p.text, p.continues) for p in read_markdown(markdown, mdx=mdx)[1]]


@pytest.mark.parametrize("mdx", [True, False])
def test_markdown_inside_components_is_read_also_when_indented(mdx):
    """Indentation of components is not code, and that of code inside is kept."""
    text = """<Tabs>
  <TabItem value="linux" label="Linux">

    Use **this**:

    ```sh
    apt install boat
      --now
    ```
  </TabItem>
  <TabItem value="mac">
    - one
      - two
  </TabItem>
</Tabs>

Out."""
    assert _read(text, mdx=mdx) == [
        ("text", "Linux", False),
        ("text", "Use this:", True),
        ("code", "apt install boat\n  --now", False),
        ("text", "mac", False),
        ("list", "one\ntwo", True),
        ("text", "Out.", False),
    ]


def test_labels_of_tabs_come_from_the_component_around_them():
    """Nextra names its tabs in one array."""
    tabs = "<Tabs.Tab>One</Tabs.Tab>\n<Tabs.Tab>Two</Tabs.Tab>"
    text = f"<Tabs items={{['npm', \"yarn\"]}}>\n{tabs}\n</Tabs>"
    assert [text for _, text, _ in _read(text)] == ["npm", "One", "yarn", "Two"]


@pytest.mark.parametrize(
    ("tag", "texts"),
    [
        ('<Card title="Row **out**" icon="boat" href="/row" />', ["Row out"]),
        ('<LinkCard title="Row" description="Out to sea" />', ["Row\nOut to sea"]),
        ('<Badge variant="tip" text="new" />', ["new"]),
        (
            '<ParamField path="crew" type="int" required>\nHow many.\n</ParamField>',
            ["crew int", "How many."],
        ),
        ('<Sequence parts={["ESC", "D"]} />', ["ESC D"]),
        ('<Cards items={[{title: "Row", href: "/a"}, {title: "Sail"}]} />', ["Row\nSail"]),
        ('<Video src="a.mp4" title="x" />', []),
        ('<PierVideo url="a.mp4" title="x" />', []),
        ('<Figure src={bell} title="x" />', []),
        ("<Image\n  src={boat}\n  style={{ width: '4px' }}\n/>", []),
        ("<script>\nlet a = '<b>'\n</script>", []),
        ("<style>{`\n.a { b: c }\n`}</style>", []),
        ("<>\nRow.\n</>", ["Row."]),
    ],
)
def test_attributes_that_are_labels_are_text(tag, texts):
    """Titles, labels and names are read; what is said to the machine is not."""
    assert [text for _, text, _ in _read(f"{tag}\n")] == texts


@pytest.mark.parametrize("tag", ['<Anchor id="a" />', '<a name="a"></a>', "<br/>", "</Note>"])
def test_heading_below_a_tag_is_a_heading(tag):
    """A tag on the line above does not swallow it."""
    _, (paragraph,) = read_markdown(f"{tag}\n## Boats\n\nRow.", mdx=tag == "<br/>")
    assert (paragraph.section, paragraph.text) == ("Boats", "Row.")


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("Press <Kbd>F1</Kbd> now.", "Press F1 now."),
        ("<Kbd>F1</Kbd> opens it.", "F1 opens it."),
        ('<Icon name="x" /> Row out.', "Row out."),
        ("Press\n<Kbd>F1</Kbd> now.", "Press F1 now."),
        ("`<Note>` and `{x}` stay.", "<Note> and {x} stay."),
        ("See <Link to={a(b)}>the *pier*</Link>.", "See the pier."),
    ],
)
def test_components_inside_a_line_are_part_of_the_paragraph(line, text):
    """Only blocks are parted by components."""
    assert [text for _, text, _ in _read(line)] == [text]


def test_component_in_a_step_stays_in_the_step():
    """An admonition between two steps does not end the list."""
    text = "1. Open.\n\n   <Warning>\n   Hot!\n   </Warning>\n\n2. Close."
    assert _read(text) == [
        ("item", "1. Open.", False),
        ("text", "Hot!", True),
        ("item", "2. Close.", False),
    ]


def test_accordion_is_read_with_its_title_and_a_tab_only_at_its_beginning():
    """All of an answer belongs to its question; a tab may be a whole page."""
    accordion = _read('<Accordion title="Why?">\nOne.\n\nTwo.\n</Accordion>\n\nOut.')
    assert [continues for _, _, continues in accordion] == [False, True, True, False]
    tab = _read('<Tab title="Linux">\nOne.\n\nTwo.\n</Tab>')
    assert [continues for _, _, continues in tab] == [False, True, False]


def test_code_in_a_fence_is_not_touched():
    """Tags, templates and directives of an example stay."""
    code = '<Note title="x">\n  {a} {{ b }} {% c %}\n:::tip\n</Note>\nimport A from "a"'
    assert _read(f"```jsx\n{code}\n```") == [("code", code, False)]


def test_indented_code_of_markdown_is_not_touched():
    """Only MDX has no code by indentation."""
    assert _read("Use:\n\n    <Note>\n      {x}", mdx=False)[1] == (
        "code",
        "<Note>\n  {x}",
        False,
    )
