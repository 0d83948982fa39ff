"""July 2026: rules, settlement sources and settled values of Kalshi's temperature series against the stations."""

import gzip
import json

from cockpit.models.weather.stations import STATIONS, by_rules, by_series


def rows(folder, pattern):
    for path in sorted(folder.glob(pattern)):
        yield from map(json.loads, gzip.decompress(path.read_bytes()).decode().splitlines())


def test_rules_name_the_station_that_the_settlement_source_reports(shared):
    seen = set()
    for row in rows(shared / "kalshi_tape_jul2026" / "weather_books", "meta_*.jsonl.gz"):
        station = by_series(row["series"])
        primary = row["rules_primary"] or ""
        assert by_rules(primary) is station, row["series"]
        assert by_rules(f"{primary} {row['rules_secondary'] or ''}") is station, row["series"]
        if station is not None:
            assert row["settlement_sources"][0]["url"].endswith(f"issuedby={station.cli}")
            seen.add(row["series"])
    assert seen == {name for each in STATIONS for name in each.series}


def test_settled_values_are_of_the_stations(shared):
    checked = 0
    for row in rows(shared / "kalshi_tape_jul2026" / "weather_actuals", "*.jsonl.gz"):
        for name in row["settled_markets"].get("series") or ():
            assert by_series(name).icao == row["cli_station"]
            checked += 1
    assert checked > 200
