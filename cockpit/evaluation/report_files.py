"""The report for machines: one JSON object, or a CSV file a table, with the same numbers; and a few lines for people."""

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from cockpit.evaluation.report import Report
from cockpit.models.match.families import ALL


def as_json(report: Report) -> dict[str, Any]:
    """Plain values; unknown is null."""
    made: dict[str, Any] = msgspec.to_builtins(report)
    return made


def tables(report: Report) -> dict[str, str]:
    """CSV text by name of the file; unknown is empty. Floats are written so that they read back the same."""
    made = as_json(report)
    lanes = [
        {k: v for k, v in each.items() if k != "figures"} | _flat(each["figures"]) for each in made["lanes"]
    ]
    survival = [
        {"lane": each["lane"], "family": each["family"], "seconds": t, "not_filled": s, "error": error}
        for each in made["lanes"]
        for t, s, error in each["figures"]["survival"]
    ]
    return {
        "lanes.csv": _csv(lanes),
        "comparisons.csv": _csv(each | {"missing": "; ".join(each["missing"])} for each in made["comparisons"]),
        "days.csv": _csv(made["days"]),
        "decisions.csv": _csv(made["decisions"]),
        "calibration.csv": _csv(made["calibration"]),
        "reliability.csv": _csv(
            {"before_close_s": ahead} | {k: v for k, v in each.items() if k != "interval"}
            | {"observed_low": each["interval"][0], "observed_high": each["interval"][1]}
            for ahead, found in made["reliability"].items()
            for each in found
        ),
        "equity.csv": _csv(
            {"lane": lane, "ts_ns": ts, "dollars": dollars} for lane, line in made["equity"].items() for ts, dollars in line
        ),
        "claims.csv": _csv(
            {"lane": lane, "claimed": claimed, "realised": realised}
            for lane, found in made["claims"].items()
            for claimed, realised in found
        ),
        "spreads.csv": _csv({"cents": cent, "pair_seconds": n} for cent, n in made["spreads"]["cents"].items()),
        "time_to_fill.csv": _csv(survival),
    }  # fmt: skip


def _flat(figures: Mapping[str, Any]) -> dict[str, Any]:
    """Figures in one row: parts of a figure get its name before theirs."""
    found: dict[str, Any] = {}
    for key, value in figures.items():
        if isinstance(value, dict):
            found |= {f"{key}_{part.replace(' ', '')}": each for part, each in value.items()}
        elif not isinstance(value, list):
            found[key] = value
    return found


def _csv(rows: Iterable[Mapping[str, Any]]) -> str:
    found = list(rows)
    out = io.StringIO()
    writer = csv.DictWriter(out, list(found[0]) if found else [], lineterminator="\n")
    writer.writeheader()
    writer.writerows(found)
    return out.getvalue()


def text(report: Report) -> str:
    """A line a lane that did anything, what was decided, and what was not."""
    lines = [f"{'lane':<16}{'events':>7}{'edge c':>9}{'net $':>11}{'flat $':>11}  verdict"]
    for each in report.lanes:
        f = each.figures
        if each.family == ALL and f.orders:
            edge = "-" if f.realised is None else f"{f.realised * 100:+.2f}"
            lines.append(f"{each.lane:<16}{f.events:>7}{edge:>9}{f.net:>+11.2f}{f.flat:>+11.2f}  {f.verdict}")
    decided = [
        f"{c.b} against {c.a}: {c.verdict} (n {c.n}, e {c.e:.1f})" for c in report.comparisons if c.p <= 0.05
    ]
    lines += decided or [f"{report.compared} questions asked: cannot tell yet"]
    return "\n".join(lines)
