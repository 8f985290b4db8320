"""Tags of Hugo, Jekyll, Liquid and GitBook go; their labels stay."""

import pytest

from index.documents.readers.markdown import read_markdown


@pytest.mark.parametrize(
    ("markdown", "texts"),
    [
        ('{{< tab "Linux" >}}\nRow.\n{{< /tab >}}', ["Linux", "Row."]),
        ('{{% notice note "Careful" %}}\nRow.\n{{% /notice %}}', ["Careful", "Row."]),
        ("{{< note >}}Row.{{< /note >}}", ["Row."]),
        ('{% hint style="info" %}\nRow.\n{% endhint %}', ["Row."]),
        ('{% tab title="Linux" %}\nRow.\n{% endtab %}', ["Linux", "Row."]),
        ('{% include note.html content="Row." %}', ["Row."]),
        ("{% assign a = 1 %}\n{% if a %}\nRow.\n{% endif %}", ["Row."]),
        ("{% highlight ruby %}\n  row 1\n{% endhighlight %}", ["  row 1"]),
        ("{{< highlight go >}}\n{{ x }}\n{{< /highlight >}}", ["{{ x }}"]),
        ("{{< code-toggle file=hugo >}}\na = '/**'\n{{< /code-toggle >}}", ["a = '/**'"]),
        ('{% code title="a.js" %}\n```js\nrow()\n```\n{% endcode %}', ["a.js", "row()"]),
        ('{{< img\n  src="a.png"\n  alt="b"\n>}}\n\nRow.', ["Row."]),
        ("{% raw %}{{ row }}{% endraw %} out", ["{{ row }} out"]),
        ("{% comment %}\nhidden\n{% endcomment %}\nRow.", ["Row."]),
        (
            'Row [out]({{< relref "a b.md" >}}#c), {{ site.name }} and `{{ x }}`.',
            ["Row out, and {{ x }}."],
        ),
        ("Row {# not shown #} out.", ["Row out."]),
    ],
)
def test_template_tags_are_left_out(markdown, texts):
    """What they wrap is text, and so is their label."""
    assert [paragraph.text for paragraph in read_markdown(markdown)[1]] == texts
