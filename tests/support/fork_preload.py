"""Imported first in the process that the tests fork: sets the clock, which a fork can speed up."""

from tests.support.fast_clock import CLOCK, install

install(CLOCK)
