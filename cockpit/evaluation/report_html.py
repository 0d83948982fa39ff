"""The report as one page: no script, no network, light and dark by the reader's own setting."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from html import escape

from cockpit.domain.units import SECOND
from cockpit.engine.queue import RULES
from cockpit.evaluation import report_plots as plots
from cockpit.evaluation.report import LaneFamily, Report
from cockpit.models.match.families import ALL

STYLE = """
:root{color-scheme:light dark;--ink:#1c1f24;--soft:#5c6470;--rule:#d9dde3;--page:#fff;--card:#f6f7f9;
--c0:#1f5fbf;--c1:#b4500e;--c2:#167a4a;--c3:#8a3fa8;--c4:#a3212e;--c5:#0d7f8c;--c6:#7a6a00;--c7:#555b66}
@media(prefers-color-scheme:dark){:root{--ink:#e4e7ec;--soft:#9aa3b0;--rule:#363c46;--page:#14171b;--card:#1c2026;
--c0:#7fb0ff;--c1:#ffab70;--c2:#6fd6a0;--c3:#d6a2f0;--c4:#ff8f99;--c5:#6fd5e0;--c6:#dcca5a;--c7:#b4bbc7}}
*{box-sizing:border-box}body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
main{max-width:1080px;margin:0 auto;padding:24px 16px 64px}h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2.2rem}
p,li{max-width:72ch}.soft,.tick{color:var(--soft);fill:var(--soft)}.wide{overflow-x:auto}
table{border-collapse:collapse;font-size:13px;font-variant-numeric:tabular-nums;white-space:nowrap}
th,td{padding:3px 9px;text-align:right;border-bottom:1px solid var(--rule)}th{color:var(--soft);font-weight:600}
th.t,td.t{text-align:left}figure{margin:12px 0;background:var(--card);padding:12px;border-radius:6px}
figcaption{font-weight:600;margin-bottom:6px}figure svg{width:100%;height:auto;display:block}.plots{display:grid;
grid-template-columns:repeat(auto-fit,minmax(420px,1fr));gap:14px}@media(max-width:480px){.plots{grid-template-columns:1fr}}
.tick{font-size:11px}.grid{stroke:var(--rule)}.equal{stroke:var(--soft);stroke-dasharray:3 3}polyline{fill:none}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:2px 16px;margin:6px 0 0;padding:0;font-size:12px}
.legend .key{width:26px;height:10px;display:inline-block;margin-right:6px;vertical-align:middle}
""" + "".join(
    f".s{i}{{stroke:var(--c{i});stroke-width:1.8}}.s{i}.box,.s{i}.dot{{fill:var(--c{i});stroke:none}}" for i in range(plots.COLOURS)
)  # fmt: skip
NONE = "–"


def page(report: Report) -> str:
    """The whole page."""
    body = "".join(
        (
            "<h1>What was earned, and what can be said of it</h1>",
            _sources(report),
            _section("Lanes by family of markets", _lanes(report), _LANES),
            _section("Against each other", _comparisons(report), _COMPARED),
            _section("Day by day", _days(report), _DAILY),
            _section("Proposals to the desk", _decisions(report), _DECIDED),
            _section("Probabilities against the market's own price", _calibration(report), _CALIBRATED),
            f'<h2>Pictures</h2><div class="plots">{_pictures(report)}</div>',
            _spreads(report),
            "<h2>Not computed</h2><ul>" + "".join(f"<li>{escape(each)}</li>" for each in report.not_computed),
            "</ul>",
        )
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><title>cockpit report</title>'
        f"<style>{STYLE}</style></head><body><main>{body}</main></body></html>\n"
    )


_LANES = (
    "Edge per trade is what a contract realised after fees over events that have settled; the aim is five cents. "
    "n counts events, never fills. Fill counts are ordered by rule; P&amp;L is not. Below thirty events nothing is said."
)
_COMPARED = (
    "B less A on the same settled events. The evidence e may be looked at at any time; 20 decides. "
    "p is adjusted for the number of comparisons (Holm). Events it takes: to tell a difference of this size, were it true."
)
_DAILY = "What settled, by New York day. Days depend on each other; below forty there is no interval."
_DECIDED = (
    "Edge c: had each been filled at its price and held to settlement. The mirror lane approves every proposal at your usual "
    "delay: mirror fill and its edge are what would have become of them."
)
_CALIBRATED = "One observation an event and horizon. Lower is better. e is the evidence that the two Brier scores differ."


def _section(title: str, body: str, words: str) -> str:
    return f'<h2>{title}</h2><p class="soft">{words}</p><div class="wide">{body}</div>'


def _sources(report: Report) -> str:
    rows = (
        (
            each.name, _when(each.first_ns), _when(each.last_ns), f"{each.frames:,}", each.digest[:16] or NONE,
            ", ".join(each.capabilities) or NONE,
        )
        for each in report.sources
    )  # fmt: skip
    words = "" if not any("synthetic" in s.capabilities for s in report.sources) else (
        "<p><strong>Synthetic:</strong> what is earned here says nothing about any real market.</p>"
    )  # fmt: skip
    return words + table(("from", "begins", "ends", "frames", "digest", "holds"), rows, 1)


def _lanes(report: Report) -> str:
    heads = (
        "lane", "family", "verdict", "n", "edge/trade c", "to aim c", "claimed c", "slope", "win %", "95 %", "break-even %",
        "net $", "flat fees $", "fees $", "drawdown $", "orders", *(f"{rule} %" for rule in RULES), *(f"{rule} $" for rule in RULES), "s to fill", "m1 c",
        "m10 c", "m60 c", "settled c",
    )  # fmt: skip
    return table(
        heads, (_lane(each) for each in report.lanes if each.figures.orders or each.figures.events), 3
    )


def _lane(each: LaneFamily) -> Sequence[str]:
    f = each.figures
    span = (
        NONE if f.win_low is None or f.win_high is None else f"{f.win_low * 100:.0f}–{f.win_high * 100:.0f}"
    )
    return (
        each.lane, each.family, f.verdict, str(f.events), cents(f.realised), cents(f.to_aim), cents(f.claimed),
        NONE if f.slope is None else f"{f.slope:.2f}", share(f.win_rate), span, share(f.break_even), f"{f.net:+.2f}",
        f"{f.flat:+.2f}", f"{f.fees:.2f}", NONE if f.drawdown is None else f"{f.drawdown:.2f}", str(f.orders),
        *(share(f.fill_rate[rule]) for rule in RULES), *(_dollars(f.by_rule[rule]) for rule in RULES), NONE if f.seconds_to_fill is None else f"{f.seconds_to_fill:.1f}",
        *(cents(value) for value in f.markouts.values()),
    )  # fmt: skip


def _comparisons(report: Report) -> str:
    heads = (
        "question",
        "A",
        "B",
        "verdict",
        "n",
        "B − A $",
        "95 % sequence",
        "e",
        "p",
        "p adjusted",
        "events it takes",
        "missing for B",
    )
    rows = (
        (
            c.question, c.a, c.b, c.verdict, str(c.n), NONE if c.mean is None else f"{c.mean:+.2f}",
            NONE if c.low is None or c.high is None else f"{c.low:+.2f} to {c.high:+.2f}", f"{c.e:.2f}", f"{c.p:.3f}",
            f"{c.adjusted:.3f}", NONE if c.takes is None else f"{c.takes:,}", ", ".join(c.missing) or "nothing",
        )
        for c in report.comparisons
    )  # fmt: skip
    return table(heads, rows, 4) + f'<p class="soft">{report.compared} questions asked of these lanes.</p>'


def _days(report: Report) -> str:
    rows = (
        (
            d.lane,
            NONE if d.low is None or d.high is None else f"{d.low:+.2f} to {d.high:+.2f}",
            str(d.days),
            f"{d.mean:+.2f}",
        )
        for d in report.days
    )
    return table(("lane", "95 % of the mean", "days", "mean $"), rows, 2)


def _decisions(report: Report) -> str:
    rows = (
        (
            d.end,
            d.verdict,
            str(d.tickets),
            str(d.settled),
            str(d.events),
            cents(d.edge),
            str(d.mirrored),
            share(d.fill_rate),
            cents(d.filled_edge),
        )
        for d in report.decisions
    )
    return table(
        (
            "ended",
            "verdict",
            "proposals",
            "settled",
            "events",
            "edge c",
            "mirrored",
            "mirror fill %",
            "its edge c",
        ),
        rows,
        2,
    )


def _calibration(report: Report) -> str:
    rows = (
        (
            c.family, c.verdict, f"{c.ahead} s", str(c.n), f"{c.brier:.4f}", f"{c.brier_market:.4f}", f"{c.log_loss:.4f}",
            f"{c.log_loss_market:.4f}", f"{c.e:.2f}",
        )
        for c in report.calibration
    )  # fmt: skip
    heads = ("family", "verdict", "before close", "n", "Brier", "market's", "log loss", "market's", "e")
    return table(heads, rows, 2)


def _pictures(report: Report) -> str:
    order = [each.lane for each in report.lanes if each.family == ALL and each.figures.orders]
    whole = {each.lane: each.figures for each in report.lanes if each.family == ALL and each.figures.orders}
    start = min((line[0][0] for line in report.equity.values() if line), default=0)
    equity = {
        lane: [((ts - start) / SECOND / 60, dollars) for ts, dollars in line]
        for lane, line in report.equity.items()
    }
    marks = {
        lane: {h: None if v is None else v * 100 for h, v in f.markouts.items() if h != "settlement"}
        for lane, f in whole.items()
        if f.markouts["1 s"] is not None
    }
    rates = {
        lane: {rule: None if v is None else v * 100 for rule, v in f.fill_rate.items()}
        for lane, f in whole.items()
        if any(f.fill_rate.values())
    }
    unfilled = {
        lane: [(0.0, 100.0), *((t, s * 100) for t, s, _ in f.survival)]
        for lane, f in whole.items()
        if f.survival
    }
    bars = {
        f"{ahead} s before the close": [plots.Bar(b.p, b.observed, *b.interval) for b in found]
        for ahead, found in report.reliability.items()
    }
    claims = {lane: [(c * 100, r * 100) for c, r in found] for lane, found in report.claims.items()}
    cents_apart = {float(cent): float(n) for cent, n in report.spreads.cents.items()}
    return "".join(
        figure(title, svg)
        for title, svg in (
            ("P&L by lane", plots.lines(equity, "P&L by lane over time", "minutes", "dollars, at the mid", order=order)),
            ("Fill rate by rule", plots.groups(rates, "Share of quantity filled by rule", "% of quantity")),
            ("Mark-outs", plots.categories(marks, "Mean mark-outs by horizon", "cents a contract", order=order)),
            ("Not yet filled", plots.lines(unfilled, "Kaplan-Meier time to fill", "seconds", "% not filled", steps=True, order=order)),
            ("Reliability", plots.reliability(bars, "Share that came true by our probability")),
            ("Claimed and realised edge", plots.scatter(claims, "Edge by event", "claimed cents", "realised cents", order=order)),
            ("Distance of two venues", plots.histogram(cents_apart, "Distance of pairs", "cents apart", "pair-seconds")),
        )
    )  # fmt: skip


def figure(title: str, svg: str) -> str:
    """A plot with its title, or that there is nothing to plot."""
    body = svg or '<p class="soft">nothing to show yet</p>'
    return f"<figure><figcaption>{escape(title)}</figcaption>{body}</figure>"


def _spreads(report: Report) -> str:
    found = report.spreads
    if found.average is None:
        return "<p>No pairs of two venues in these runs.</p>"
    return f"<p>Pairs stood {found.average * 100:.2f} cents apart on average over {found.pair_seconds:,} pair-seconds.</p>"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], words: int) -> str:
    """A table whose first columns are words."""
    top = "".join(f"<th{_kind(i, words)}>{escape(head)}</th>" for i, head in enumerate(heads))
    body = "".join(
        "<tr>" + "".join(f"<td{_kind(i, words)}>{escape(cell)}</td>" for i, cell in enumerate(row)) + "</tr>"
        for row in rows
    )
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


def _kind(i: int, words: int) -> str:
    return ' class="t"' if i < words else ""


def cents(value: float | None) -> str:
    """Dollars a contract as cents."""
    return NONE if value is None else f"{value * 100:+.2f}"


def share(value: float | None) -> str:
    """A share as per cent."""
    return NONE if value is None else f"{value * 100:.1f}"


def _dollars(value: float | None) -> str:
    return NONE if value is None else f"{value:+.2f}"


def _when(ns: int) -> str:
    return f"{datetime.fromtimestamp(ns // SECOND, UTC):%Y-%m-%d %H:%M:%S}" if ns else NONE
