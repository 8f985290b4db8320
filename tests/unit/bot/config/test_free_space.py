"""The room of a folder's disk."""

import shutil

from bot.config.free_space import free_bytes, nearest_folder


def test_folder_that_is_not_made_yet_has_the_room_of_its_parent(tmp_path):
    """Free bytes of the same disk differ little."""
    new = tmp_path / "a" / "b"
    assert nearest_folder(new) == tmp_path
    assert abs(free_bytes(new) - shutil.disk_usage(tmp_path).free) < 100 * 2**20
