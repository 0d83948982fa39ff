"""Twenty stations' highs: the blend beats the best single model, and its law is as wide as it says."""

import gzip
import json

from cockpit.domain.events import ClimateReported, MarketSettled
from cockpit.domain.units import PRICE
from cockpit.domain.weather import Report
from cockpit.engine.weather import Terms
from cockpit.evaluation.weather import evaluate_weather
from cockpit.models.weather.blend import C, D
from cockpit.models.weather.brackets import Bracket, pays
from cockpit.runtime import replay
from cockpit.runtime.capture import Form, import_captures
from cockpit.runtime.header import make_header
from cockpit.runtime.reader import SessionFile
from cockpit.settings.tree import Settings


def test_the_blend_beats_the_best_single_model(shared):
    report = evaluate_weather(shared / "weather" / "maxz073", "2024-01-01")
    assert report.n_days > 7_000
    assert report.diff.high < -0.1
    assert 0.78 < report.coverage < 0.86
    assert report.law[0] == round(C, 2) or abs(report.law[0] - C) < 0.02
    assert abs(report.law[1] - D) < 0.02


def test_every_settled_bracket_follows_from_the_reported_value(shared):
    """July 2026: 122 rows of highs and lows with their markets' results."""
    checked = 0
    for path in sorted((shared / "kalshi_tape_jul2026" / "weather_actuals").glob("*.jsonl.gz")):
        for line in gzip.decompress(path.read_bytes()).decode().splitlines():
            for event in json.loads(line)["settled_markets"]["events"]:
                if not event.get("expiration_value") or event.get("expiration_values_disagree"):
                    continue
                value = round(float(event["expiration_value"]))
                for ticker, result in event["results"].items():
                    bracket = _bracket(ticker, list(event["results"]))
                    if bracket is not None:
                        assert pays(bracket, value) == (result == "yes"), ticker
                        checked += 1
    assert checked > 1_000


def _bracket(ticker: str, all_of_them: list[str]) -> Bracket | None:
    """The degrees by the ticker's suffix; a tail's direction by which side of the ladder it stands on."""
    kind, amount = ticker.rpartition("-")[2][0], float(ticker.rpartition("-")[2][1:])
    middles = [float(each.rpartition("-")[2][1:]) for each in all_of_them if "-B" in each]
    if kind == "B":
        return Bracket(round(amount - 0.5), round(amount + 0.5))
    if not middles:
        return None
    return Bracket(None, round(amount) - 1) if amount < min(middles) else Bracket(round(amount) + 1, None)


def test_a_week_of_books_and_reports_replays_and_every_settled_bracket_follows(shared, tmp_path):
    """Rules, books, reports and results of July 2026: joined by each market's own rules, recomputed from the report."""
    tape = shared / "kalshi_tape_jul2026"
    files = [
        *sorted((tape / "weather_books").glob("meta_*")),
        *sorted((tape / "weather_books").glob("partial_*")),
        *sorted((tape / "weather_books").glob("dt=*")),
        *sorted((tape / "weather_actuals").glob("*")),
    ]
    out = tmp_path / "week.jsonl.zst"
    import_captures(files, out, form=Form(), header=make_header(created=0, settings={}))
    file = SessionFile(out)
    engine = replay.engine(file, Settings().with_lanes(()).without_desk())
    terms: dict[str, Terms] = {}
    quoted: dict[str, int] = {}
    together: dict[str, tuple[float, float]] = {}

    def look() -> None:
        terms.update(engine.pricer.weather.terms)
        for name, m in engine.state.markets.items():
            if m.fair is not None and m.mid2 and m.settled is None:
                together.setdefault(name, (m.fair.mid, m.mid2 / (2 * PRICE)))
        quoted.update(
            {name: m.mid2 for name, m in engine.state.markets.items() if m.mid2 and m.settled is None}
        )

    engine.on_beat = look
    reports: dict[str, Report] = {}
    settled: dict[str, int] = {}
    for events in replay.events(file):
        for event in [events] if not isinstance(events, list) else events:
            if isinstance(event, ClimateReported):
                reports[f"{event.report.station} {event.report.day}"] = event.report
            if isinstance(event, MarketSettled) and event.value is not None:
                settled[event.ticker] = event.value
    replay.run_quietly(replay.session(file, engine, None), replay.batches(file), None)
    checked = 0
    losses = []
    for name, value in settled.items():
        known = terms.get(name)
        report = reports.get(f"{known.station.icao} {known.day}") if known is not None else None
        if known is None or report is None:
            continue
        degree = report.low if known.low else report.high
        assert degree is not None
        assert pays(known.bracket, degree) == (value == PRICE), name
        checked += 1
        if name in quoted:
            losses.append((quoted[name] / (2 * PRICE) - value / PRICE) ** 2)
    assert checked > 200
    assert sum(losses) / len(losses) < 0.15  # the market's own, the evening before
    pairs = [(*together[name], value / PRICE) for name, value in settled.items() if name in together]
    ours, theirs = (sum((each[i] - each[2]) ** 2 for each in pairs) / len(pairs) for i in (0, 1))
    print(
        f"\nBrier of {len(pairs)} brackets by yesterday's degrees alone {ours:.4f}, market at the same moment {theirs:.4f}"
    )
    assert len(pairs) > 50
    assert theirs < ours < 0.25  # no forecasts were recorded that month: the market knows more than yesterday
