"""The address of a cluster: what is read, what is refused, what is never shown."""

import pytest

from index import ClusterAddress


def test_address_names_hosts_login_and_prefix():
    """A port that is left out is 9200; signs of user and password are decoded."""
    url = "opensearchs://a%40b:p%3Aq%2F@one.example:9201,two,[::1]:9300/quotes-1"
    address = ClusterAddress.parse(url)
    assert address.hosts == (("one.example", 9201), ("two", 9200), ("[::1]", 9300))
    assert (address.user, address.password) == ("a@b", "p:q/")
    assert (address.prefix, address.uses_tls) == ("quotes-1", True)


def test_address_is_shown_without_login():
    """Neither the text of an address nor its representation has the password."""
    address = ClusterAddress.parse("opensearch://ada:s3cret@host/quotes")
    assert str(address) == "opensearch://host:9200/quotes"
    assert "s3cret" not in repr(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://host:9200/quotes",
        "opensearch:host/quotes",
        "opensearch://host:9200",
        "opensearch://host:9200/",
        "opensearch://host:9200/Quotes",
        "opensearch://host:9200/_all",
        "opensearch://host:9200/a*",
        "opensearch://host:9200/a/b",
        "opensearch://host:99999/quotes",
        "opensearch://host:x/quotes",
        "opensearch://host,/quotes",
        "opensearch:///quotes",
        "opensearch://s3cret@host/quotes",
        "opensearch://:s3cret@host/quotes",
    ],
)
def test_other_addresses_are_refused(url):
    """The reason does not hold the address, which may have a password."""
    with pytest.raises(ValueError, match=r"\bis missing|does not begin|stand before") as raised:
        ClusterAddress.parse(url)
    assert "s3cret" not in str(raised.value)
