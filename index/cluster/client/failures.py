"""Turn what a cluster or the network reports into errors of the index, one clear line each."""

import asyncio
import re
import ssl

import aiohttp
import opensearchpy

from index.cluster.client.address import ClusterAddress
from index.errors import (
    ClusterFullError,
    ClusterLoginError,
    ClusterUnavailableError,
    IndexUnusableError,
    PassageIndexError,
)

# Another node, or the same one a moment later, may do what failed with these codes.
_MOMENTARY = frozenset((429, 500, 502, 503, 504))
_UNAUTHORIZED, _FORBIDDEN = 401, 403
_BLOCKED = "cluster_block_exception"
_READ_ONLY = re.compile("read-only|flood|disk", re.IGNORECASE)


def is_blocked(error: opensearchpy.TransportError) -> bool:
    """Return whether the cluster refuses to write because a disk is full."""
    return error.error == _BLOCKED and bool(_READ_ONLY.search(str(error.info)))


def is_about_certificates(error: Exception) -> bool:
    """Return whether a connection failed because certificates do not fit."""
    if isinstance(error, ssl.SSLError | opensearchpy.ImproperlyConfigured):
        return True  # a file of certificates cannot be used
    cause = error.info if isinstance(error, opensearchpy.ConnectionError) else None
    return isinstance(cause, aiohttp.ClientSSLError | aiohttp.ClientConnectorCertificateError)


def is_momentary(error: Exception) -> bool:
    """Return whether trying again may help."""
    if is_about_certificates(error):
        return False
    if isinstance(error, (opensearchpy.ConnectionError, asyncio.TimeoutError, PartialAnswerError)):
        return True
    return (
        isinstance(error, opensearchpy.TransportError)
        and error.status_code in _MOMENTARY
        and not is_blocked(error)
    )


class PartialAnswerError(Exception):
    """A part of the shards has not answered; what the others found is not used."""


def as_index_error(error: Exception, address: ClusterAddress) -> PassageIndexError:
    """Return the error to raise for one of the client library; none holds the password."""
    place = str(address)
    if is_about_certificates(error):
        return ClusterUnavailableError(
            place,
            "the certificates of the cluster and of this program do not fit",
            "check INDEX_CA_FILE and INDEX_CLIENT_CERT",
        )
    if isinstance(error, opensearchpy.ConnectionTimeout | asyncio.TimeoutError):
        return ClusterUnavailableError(place, "no node has answered in time")
    if isinstance(error, opensearchpy.ConnectionError):
        return ClusterUnavailableError(place, "no node can be reached")
    if isinstance(error, PartialAnswerError):
        return ClusterUnavailableError(place, "a part of the index has not answered")
    if not isinstance(error, opensearchpy.TransportError):
        return ClusterUnavailableError(place, f"an answer cannot be read ({type(error).__name__})")
    if is_blocked(error):
        return ClusterFullError(place)
    if error.status_code in (_UNAUTHORIZED, _FORBIDDEN):
        return ClusterLoginError(place)
    if is_momentary(error):
        return ClusterUnavailableError(place, f"it answers with the error {error.status_code}")
    return IndexUnusableError(place, f"the cluster answers {error.error}, {error.status_code}")
