"""Copy the index between the files of the data folder and the cluster that the settings name."""

from bot.config.settings import Settings
from bot.errors import SettingsError
from bot.indexing.open_index import show_progress
from bot.rendering.plain_text import counted
from index import ClusterAddress, copy_index_from_cluster, publish_in_cluster


def copy_to_cluster(settings: Settings) -> str:
    """Publish the index of the data folder in the cluster; return a line that says so.

    Raises:
        SettingsError: INDEX_URL is not set.
        PassageIndexError: There is no index, or the cluster cannot be used.
    """
    address = _address(settings)
    if publish_in_cluster(settings.index_dir, address, show_progress):
        return f"Copied the index to {address}."
    return f"{address} has this index already."


def copy_to_files(settings: Settings) -> str:
    """Copy the index of the cluster into the data folder; return a line that says so.

    Raises:
        SettingsError: INDEX_URL is not set.
        PassageIndexError: None is published, the cluster cannot be used, or the folder not written.
    """
    address = _address(settings)
    settings.data_dir.mkdir(0o700, parents=True, exist_ok=True)
    manifest = copy_index_from_cluster(address, settings.index_dir, show_progress)
    return f"Copied {counted(manifest.passages, 'passage')} to {settings.index_dir}."


def _address(settings: Settings) -> ClusterAddress:
    if settings.cluster_address is None:
        raise SettingsError("INDEX_URL", "not set; it names the cluster to copy to or from")
    return settings.cluster_address
