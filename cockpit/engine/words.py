"""What the engine keeps of words said: calendars' entries, the record of phrases it was told, and stages it has told of."""

import msgspec

from cockpit.domain.mentions import EventShare, Occasion, Occurrence


class Words(msgspec.Struct):
    """All of it. Times ns UTC."""

    occasions: dict[str, Occasion] = msgspec.field(default_factory=dict)
    """Calendars' entries, by "source id"."""
    heard: dict[str, int] = msgspec.field(default_factory=dict)
    """Calendar -> when it last told something."""
    moved: dict[str, int] = msgspec.field(default_factory=dict)
    """Entry -> by how much it was last moved."""
    asked: dict[str, bool] = msgspec.field(default_factory=dict)
    """"speaker|phrase" that were looked up in the record."""
    occurrences: list[Occurrence] = msgspec.field(default_factory=list)
    """Of those."""
    shares: list[EventShare] = msgspec.field(default_factory=list)
    """Of all events of their speakers."""
    stages: dict[str, str] = msgspec.field(default_factory=dict)
    """Speech -> the stage that was last told of."""
    priced: int = 0
    """When phrases were last priced, in steps; 0 after news."""
