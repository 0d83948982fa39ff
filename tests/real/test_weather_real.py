"""Twenty stations' highs: the blend beats the best single model, and its law is as wide as it says."""

import gzip
import json

from cockpit.evaluation.weather import evaluate_weather
from cockpit.models.weather.blend import C, D
from cockpit.models.weather.brackets import Bracket, pays


def test_the_blend_beats_the_best_single_model(shared):
    report = evaluate_weather(shared / "weather" / "maxz073", "2024-01-01")
    assert report.n_days > 7_000
    assert report.diff.high < -0.1
    assert 0.78 < report.coverage < 0.83
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
