"""What every part of the tree is."""

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    """A part of the tree: no unknown keys, no changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)
