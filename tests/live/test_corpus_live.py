"""A run is told what the corpus has of the phrases it asks about, records that, and replays without the corpus."""

import asyncio

from house import House, lines, verified

from cockpit.domain.mentions import Occurrence
from cockpit.runtime.corpus import Corpus, Row

NOW = 1_796_000_000_000_000_000


async def test_rows_are_told_recorded_and_replayed(tmp_path):
    path = tmp_path / "corpus.sqlite3"
    with Corpus(path) as corpus, corpus.importing():
        corpus.add([Row(Occurrence("2026-05-01", "E1", "trump", "rally", "biden", said=True))], "test", NOW)
    async with House(tmp_path, mentions={"corpus": str(path)}) as house:
        mentions = house.live._engine.pricer.mentions
        wanting = mentions.wanting
        mentions.wanting = lambda: (
            wanting() | {("trump", "biden")} - {tuple(each.split("|")) for each in house.state.words.asked}
        )
        await house.until(lambda: house.state.words.asked)
        assert [each.phrase for each in house.state.words.occurrences] == ["biden"]
        assert not house.live.notes()
        await house.warm()
    path.unlink()
    assert sum(frame.s == "corpus.rows" for frame in lines(house.path)) >= 1
    made = await asyncio.to_thread(verified, house.path)
    assert [each.phrase for each in made.engine.state.words.occurrences] == ["biden"]
    assert not made.faults


async def test_a_bad_corpus_is_told_and_the_run_goes_on(tmp_path):
    path = tmp_path / "corpus.sqlite3"
    path.write_bytes(b"no database at all" * 100)
    async with House(tmp_path, mentions={"corpus": str(path)}) as house:
        await house.warm()
        assert any("NO BASE RATES" in note for note in house.live.notes())
