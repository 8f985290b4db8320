"""The wheel of this checkout. Tests with it are in the group "wheel", so that it is built once."""

import pytest

from tests.support.checkout import REPOSITORY
from tests.system.terminal.wheels import build_wheel, install_alone


@pytest.fixture(scope="session")
def wheel(tmp_path_factory):
    """The wheel."""
    return build_wheel(REPOSITORY, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="session")
def wheel_command(wheel, tmp_path_factory):
    """The command of an environment in which the wheel alone is installed."""
    return install_alone(wheel, tmp_path_factory.mktemp("alone"))
