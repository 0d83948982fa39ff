"""Base rates on settled mention markets: no worse than a constant."""

from cockpit.evaluation.mentions import evaluate_mentions


def test_the_model_is_no_worse_than_the_constant(shared):
    folder = shared / "mentions"
    report = evaluate_mentions(
        folder / "transcript_kalshi_map_dev.json.gz",
        "2025-07-01",
        folder / "trump_mention_minute_candles_dev.csv.gz",
    )
    assert report.n_markets > 400
    assert report.brier_model < report.brier_base
    assert report.brier_rolling < report.brier_base
    assert report.n_priced > 100
