"""Which indexes of a cluster are in use, and which are left over."""

import time
from typing import Any

from index.cluster.client.connection import ClusterConnection
from index.cluster.documents.schema import FORMAT, is_index_name
from index.errors import IndexMissingError, IndexUnusableError

_REPLACED_AT = "replaced_at"


def aliased_indexes(connection: ClusterConnection) -> list[str]:
    """Return the names of the indexes behind the alias: one, or none before the first publication.

    Raises:
        IndexUnusableError: It is an alias or an index of somebody else.
    """
    from opensearchpy import NotFoundError

    prefix = connection.address.prefix
    try:
        found: dict[str, Any] = connection.call(
            lambda client, options: client.indices.get_alias(name=prefix, params=options)
        )
    except NotFoundError:
        is_taken = connection.call(
            lambda client, options: client.indices.exists(index=prefix, params=options)
        )
        if is_taken:
            raise _foreign(connection) from None
        return []
    if not all(is_index_name(prefix, name) for name in found):
        raise _foreign(connection)
    return sorted(found)


def published_index(connection: ClusterConnection) -> str:
    """Return the name of the published index.

    Raises:
        IndexMissingError: There is none.
        IndexUnusableError: The alias belongs to somebody else, or its index has another format.
    """
    names = aliased_indexes(connection)
    if not names:
        raise IndexMissingError(str(connection.address))
    if _meta(connection, names[0]).get("pullquote_format") != FORMAT:
        raise IndexUnusableError(str(connection.address), "it was published in another format")
    return names[0]


def published_build(connection: ClusterConnection) -> str | None:
    """Return the build that is published in the present format, or None."""
    for name in aliased_indexes(connection):
        meta = _meta(connection, name)
        if meta.get("pullquote_format") == FORMAT:
            return str(meta["build"])
    return None


def move_alias(connection: ClusterConnection, name: str, former: list[str]) -> None:
    """Let the alias name an index instead of the former ones, at one moment.

    It may be repeated.
    """
    alias = connection.address.prefix
    actions: list[dict[str, Any]] = [
        {"remove": {"index": one, "alias": alias, "must_exist": False}} for one in former
    ]
    actions.append({"add": {"index": name, "alias": alias}})
    connection.call(
        lambda client, options: client.indices.update_aliases(
            body={"actions": actions}, params=options
        ),
        slow=True,
    )


def mark_as_replaced(connection: ClusterConnection, name: str) -> None:
    """Note in an index when it was replaced."""
    meta = _meta(connection, name) | {_REPLACED_AT: time.time()}
    connection.call(
        lambda client, options: client.indices.put_mapping(
            index=name, body={"_meta": meta}, params=options
        ),
        slow=True,
    )


def unused_indexes(connection: ClusterConnection, kept_s: float) -> list[str]:
    """Return the indexes without the alias, but for those that were replaced a moment ago.

    Call it only with the lock held: another process may be filling one of them.
    """
    prefix = connection.address.prefix
    found: dict[str, Any] = connection.call(
        lambda client, options: client.indices.get_mapping(
            index=f"{prefix}-*", params=options | {"allow_no_indices": "true"}
        )
    )
    used = aliased_indexes(connection)
    now = time.time()
    return [
        name
        for name, described in found.items()
        if is_index_name(prefix, name)
        and name not in used
        and now - _meta_of(described).get(_REPLACED_AT, 0.0) > kept_s
    ]


def _meta(connection: ClusterConnection, name: str) -> dict[str, Any]:
    found: dict[str, Any] = connection.call(
        lambda client, options: client.indices.get_mapping(index=name, params=options)
    )
    return _meta_of(found[name])


def _meta_of(described: dict[str, Any]) -> dict[str, Any]:
    meta: dict[str, Any] = described["mappings"].get("_meta", {})
    return meta


def _foreign(connection: ClusterConnection) -> IndexUnusableError:
    return IndexUnusableError(
        str(connection.address),
        "something else in the cluster has this name; write another one in INDEX_URL",
    )
