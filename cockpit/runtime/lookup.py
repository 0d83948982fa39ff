"""What a live run is told of the phrases its markets ask about: rows of the corpus, as frames like any other."""

from collections.abc import Collection

import msgspec

from cockpit.domain.errors import CockpitError
from cockpit.feeds.base import Frame
from cockpit.feeds.corpus import SOURCE
from cockpit.runtime import corpus
from cockpit.settings.tree import Settings

MOST = 50
"""Phrases looked up at a time: a few milliseconds' work."""


class Lookup:
    """The corpus of the settings, where there is one; without it, or when it fails, nothing is told."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._corpus: corpus.Corpus | None = None
        self.trouble = ""
        """Why nothing is told though there is a corpus, in words."""

    def open(self) -> None:
        """Look for the corpus."""
        try:
            self._corpus = corpus.found(self._settings)
        except CockpitError as error:
            self.trouble = f"NO BASE RATES: {error}"

    def frame(self, wanted: Collection[tuple[str, str]], now: int) -> Frame | None:
        """The rows of some of the (speaker, phrase) wanted, at ``now`` (ns UTC); None where nothing can be told."""
        if self._corpus is None or not wanted:
            return None
        transcripts = self._settings.mentions.transcripts
        try:
            rows = self._corpus.lookup(sorted(wanted)[:MOST], transcripts=transcripts)
        except CockpitError as error:
            self.trouble = f"NO BASE RATES: {error}"
            self.close()
            return None
        return Frame(0, now, SOURCE, msgspec.Raw(msgspec.json.encode(rows)))

    def close(self) -> None:
        """Let go of the corpus; more calls do nothing."""
        if self._corpus is not None:
            self._corpus.close()
            self._corpus = None
