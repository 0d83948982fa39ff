"""Benchmarks that take long run with ``COCKPIT_BENCH=full`` only."""

import os

import pytest

FULL = os.environ.get("COCKPIT_BENCH") == "full"


def pytest_collection_modifyitems(items):
    for item in items:
        if item.get_closest_marker("full") and not FULL:
            item.add_marker(pytest.mark.skip(reason="with COCKPIT_BENCH=full"))
