"""Writes the sample corpus: invented events of a speaker, whose words are drawn from a seed. `make.py` calls it.

Every phrase has a chance of its own and every event a mood that many words share: a long speech says many, a short one few.
"""

import json
from datetime import date, timedelta
from pathlib import Path

import numpy as np

SEED = 31
EVENTS = 40
LISTED = 20
"""Phrases listed for an event."""
FIRST = date(2026, 1, 9)
KINDS = {
    "rally": 0.9,
    "press conference": 0.3,
    "remarks": 0.0,
    "interview": 0.1,
    "bilateral": -0.4,
    "signing": -0.8,
}
"""How much more is said on such an occasion, in logits."""
PHRASES = {
    "Border": 0.4, "Tariff": 0.9, "China": 0.6, "Biden": 1.1, "Crypto / Bitcoin": -1.9, "Inflation": 0.2,
    "Hottest": 0.1, "Nuclear": -0.2, "Ukraine": 0.5, "Oil / Gas": 0.3, "Stock Market": -0.1, "Golf": -1.6,
    "Eggs": -1.2, "Wall": -0.3, "Autopen": -0.9, "Fake News": 0.7, "Peace": 1.0, "Space": -1.1,
    "AI / Artificial Intelligence": -0.6, "Mars": -2.1, "Greenland": -1.0, "Penny": -2.4, "World Cup": -0.8,
    "Biden (5+ times)": -0.9,
}  # fmt: skip
"""Logit of being said at an ordinary event."""


def rows(seed: int = SEED) -> list[dict[str, object]]:
    """The occurrences, oldest event first."""
    rng = np.random.default_rng(seed)  # noqa: TID251  the seed's only use
    names, kinds, found = list(PHRASES), list(KINDS), []
    for i in range(EVENTS):
        day = FIRST + timedelta(days=7 * i + int(rng.integers(0, 5)))
        kind = kinds[int(rng.integers(len(kinds)))]
        mood = KINDS[kind] + float(rng.normal(0.0, 0.5))
        for j in sorted(int(k) for k in rng.choice(len(names), LISTED, replace=False)):
            chance = 1.0 / (1.0 + np.exp(-(PHRASES[names[j]] + mood)))
            found.append(
                {"day": day.isoformat(), "event": f"SAMPLE-{i + 1:02}", "speaker": "trump", "kind": kind,
                 "phrase": names[j], "said": bool(rng.random() < chance)}
            )  # fmt: skip
    return found


def write(path: Path) -> None:
    """The file, one JSON object a line."""
    path.write_text("".join(json.dumps(row) + "\n" for row in rows()), encoding="utf-8")
