"""Every strategy version by name: frozen values, never copied code."""

from cockpit.strategies.base import Strategy
from cockpit.strategies.probe import Probe

VERSIONS: dict[str, Strategy] = {
    "probe": Probe(),
}
"""Lane name -> version. A new version is one value here."""
