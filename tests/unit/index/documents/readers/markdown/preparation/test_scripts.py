"""Imports, exports and expressions of MDX are no text."""

import pytest

from index.documents.readers.markdown import read_markdown


def _texts(markdown, **how):
    return [paragraph.text for paragraph in read_markdown(markdown, **how)[1]]


@pytest.mark.parametrize(
    "script",
    [
        "import Tabs from '@theme/Tabs';",
        "import A, {B} from './b'",
        'import * as c from "c"',
        "import './style.css'",
        "import {\n  A,\n  B,\n} from './b';",
        "export const a = {\n  b: 1,\n\n  c: [2],\n};",
        "export default ({children}) => <div>{children}</div>",
        "export const d = () => {\n  return 1\n}",
        "{/* a comment\n\nin lines */}",
        "{items.map((item) => (\n  <li>{item}</li>\n))}",
    ],
)
def test_scripts_of_mdx_are_left_out(script):
    """The text after them is read."""
    assert _texts(f"{script}\n\nRow out.", mdx=True) == ["Row out."]


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("Version {versions.current} is out.", "Version is out."),
        ("Row{' '}<b>out</b> {'now'}.", "Row out now."),
        ("Row {/* not shown */} out.", "Row out."),
        ("Row \\{out\\}.", "Row {out}."),
        ("`{row}` out.", "{row} out."),
    ],
)
def test_expressions_in_a_line_are_left_out(line, text):
    """Texts in braces are shown, all else is computed."""
    assert _texts(line, mdx=True) == [text]


def test_braces_of_plain_markdown_stay():
    """Only a text with imports is MDX whatever its name is."""
    assert _texts("Row {out}.") == ["Row {out}."]
    assert _texts("import A from 'a'\n\nRow {out}.") == ["Row."]


@pytest.mark.parametrize("line", ["import duties are low from May", "export goods by ship"])
def test_prose_that_begins_like_a_script_stays(line):
    """A sentence is no statement."""
    assert _texts(line, mdx=True) == [line]


@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_braces_around_tags_are_left_out(gap):
    """MDX shows what an expression of tags holds."""
    markdown = f"Bells:\n\n{{{gap}<ul>\n<li>Dawn</li>\n</ul>{gap}}}\n\nEnd."
    texts = [one.text for one in read_markdown(markdown, mdx=True)[1]]
    assert texts == ["Bells:", "Dawn", "End."]
