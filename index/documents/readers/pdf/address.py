"""Find the address at which a PDF says that it is published."""

from lxml import etree

# The properties of XMP that hold an address, best first.
_NAMES = ("url", "identifier", "source")
_NAMESPACES = ("http://prismstandard.org/", "http://purl.org/dc/")

_BEGIN, _END = b"<x:xmpmeta", b"</x:xmpmeta>"
_MAX_BYTES = 1_000_000


def address_of(data: bytes) -> str | None:
    """Return the http or https address in the XMP metadata of a PDF, or None."""
    begin = data.find(_BEGIN)
    end = data.find(_END, begin, begin + _MAX_BYTES)
    if begin < 0 or end < 0:
        return None
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(data[begin : end + len(_END)], parser)
    except etree.XMLSyntaxError:
        return None
    given = [
        (name.localname, "".join(element.itertext()).strip())
        for element in root.iter(etree.Element)
        if (name := etree.QName(element)).namespace
        and name.namespace.startswith(_NAMESPACES)
        and name.localname in _NAMES
    ]
    addresses = [(name, text) for name, text in given if _is_address(text)]
    return min(addresses, key=lambda one: _NAMES.index(one[0]), default=(None, None))[1]


def _is_address(text: str) -> bool:
    return text.startswith(("http://", "https://")) and text.isprintable() and " " not in text
