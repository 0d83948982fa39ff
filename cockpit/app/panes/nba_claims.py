"""What is claimed for the NBA rules, row by row, beside what their lanes have come to."""

from collections.abc import Sequence

from cockpit.app import cells, text
from cockpit.app.widgets.live_grid import Cell, Column, Row
from cockpit.domain.games import Claim

COLUMNS = (
    Column("rule", "claims", 17, most=17),
    Column("claimed", "clmd", 5, "right"),
    Column("won", "won", 6, "right", most=9),
    Column("rate", "win%", 4, "right"),
    Column("interval", "95%", 6, "right", 1),
    Column("entry", "BE", 4, "right"),
    Column("model", "P", 4, "right", 4),
    Column("brier", "Brier", 5, "right", 4),
    Column("net", "net", 7, "right", most=10),
    Column("open", "open", 4, "right", 2),
    Column("verdict", "verdict", 12, most=12),
    Column("said", "of the claim", 15, "left", 3, most=100, flex=True),
)
VERDICTS = {"supported": "good", "contradicted": "bad"}


def row(claim: Claim) -> Row:
    """What is claimed for a rule, beside what its lane has come to."""
    none: Cell = (text.NONE, "dim")
    name = f"{claim.rule}+P" if claim.model else claim.rule
    said = claim.note if claim.model else claim.claimed_n
    return Row(
        name,
        (
            (name, "text"),
            none if claim.claimed is None else (f"{claim.claimed * 100:.1f}%", "text"),
            (f"{claim.wins}/{claim.n}", "text" if claim.n else "dim"),
            (f"{cells.share(claim.wins / claim.n)}%", "text") if claim.n else none,
            none if claim.low is None or claim.high is None else (f"{cells.share(claim.low)}-{cells.share(claim.high)}", "text"),
            none if claim.entry is None else (f"{claim.entry * 100:.1f}", "text"),
            none if claim.said is None else (f"{claim.said * 100:.1f}", "band"),
            none if claim.brier is None else (f"{claim.brier:.3f}", "text"),
            cells.money_cell(claim.net, 7) if claim.n else none,
            (str(claim.open), "own" if claim.open else "dim"),
            (claim.verdict or text.NONE, VERDICTS.get(claim.verdict, "text")),
            (said, "warn" if claim.model else "dim"),
        ),
    )  # fmt: skip


def noted(claims: Sequence[Claim], rule: str) -> str:
    """What is claimed for a rule, on how many games, and what else is known of it; empty where nobody claims anything."""
    claim = next((claim for claim in claims if claim.rule == rule), None)
    if claim is None:
        return ""
    rate = "no win rate claimed" if claim.claimed is None else f"claimed {claim.claimed * 100:.1f}%"
    return "; ".join(word for word in (rate, claim.claimed_n, claim.note) if word)
