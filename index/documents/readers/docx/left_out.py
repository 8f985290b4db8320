"""What a Word document shows and this reader leaves out."""

from typing import TYPE_CHECKING

from index.documents.readers.docx.xml import W

if TYPE_CHECKING:
    from lxml import etree

_GRAPHIC = "{http://schemas.openxmlformats.org/drawingml/2006/main}graphicData"
_OF_DIAGRAMS = "/diagram"


def left_out(body: "etree._Element") -> str | None:
    """Return how many parts with text are left out and what to do, or None."""
    n_embedded = sum(1 for _ in body.iter(f"{W}altChunk"))
    n_diagrams = sum(
        element.get("uri", "").endswith(_OF_DIAGRAMS) for element in body.iter(_GRAPHIC)
    )
    remarks = []
    if n_embedded:
        remarks.append(f"files left out that are embedded: {n_embedded:,}; save it again in Word")
    if n_diagrams:
        remarks.append(f"diagrams left out: {n_diagrams:,}; write what they say as text")
    return "; ".join(remarks) or None
