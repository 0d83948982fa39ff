"""The corpus on settled markets and transcripts as they are."""

from cockpit.evaluation.mentions import read_map
from cockpit.models.mentions.counting import KALSHI, count, outcome
from cockpit.runtime.corpus import Corpus, Row
from cockpit.runtime.transcripts import Heard, asked, files_of, parse, passages

NOW = 1_796_000_000_000_000_000


def transcripts(shared):
    files = files_of(shared / "mentions" / "jsteng19_transcripts_nba_cache.tar.xz")
    return [told for name, data in files if (told := parse(name, data)) is not None]


def test_markets_and_transcripts_are_held_apart(shared, tmp_path):
    found = read_map(shared / "mentions" / "transcript_kalshi_map_dev.json.gz")
    told = [each for each in transcripts(shared) if each.day and not each.speaker]
    told = [type(each)(each.text, each.day, "trump", each.kind, each.title) for each in told]
    with Corpus(tmp_path / "corpus") as corpus:
        with corpus.importing():
            added = corpus.add([Row(each.occurrence) for each in found], "map", NOW)
            assert corpus.add_transcripts(told, "tar", NOW).new > 40
            assert corpus.derive(NOW).new > 10_000
        assert added.new > 500
        lines = {each.phrase: each for each in corpus.lines("trump")}
        biden = lines["biden"]
        assert (
            biden.said / biden.n > 2 * biden.transcripts_said / biden.transcripts
        )  # why they are not one number
        rows = corpus.lookup([("trump", "biden")])
        assert len(rows.occurrences) == biden.n


def test_the_quick_way_and_the_slow_way_agree(shared):
    labels = [
        "Biden",
        "Crypto / Bitcoin",
        "Immigrants",
        "Stock Market",
        "AI / Artificial Intelligence",
        "Taxes",
        "Tariff",
    ]
    for told in transcripts(shared)[::6]:
        heard = Heard(told)
        for label in labels:
            phrases, least = asked(label)
            slow = count(passages(told), phrases, KALSHI, told.speaker)
            assert heard.outcome(phrases, least) is outcome(slow, least), (told.title, label)
