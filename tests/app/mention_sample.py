"""Hand-built events with words: what the Mentions screen and the detail of a phrase are tested with."""

from typing import Any

from app_sample import DAY, HOUR, MINUTE, NOW, change, row
from pane_sample import DETAIL as MARKET
from pane_sample import VIEW

from cockpit.domain.book import EMPTY_ASK, EMPTY_BID
from cockpit.domain.mentions import (
    PastView,
    PhraseChance,
    PhraseDetail,
    PhraseLine,
    PhraseView,
    ScheduleView,
    SpeechView,
    Stage,
)
from cockpit.domain.units import ASK, BID, SECOND


def line(venue: str, bid: float | None, ask: float | None, market: str = "", **fields: Any) -> PhraseLine:
    """A venue's line; prices, edges and moves in cents."""
    if "price" in fields:
        fields["price"] = round(fields["price"] * 100)
    for name in ("edge", "low", "move"):
        if name in fields:
            fields[name] /= 100
    return PhraseLine(
        venue, market or f"{venue}-MARKET", EMPTY_BID if bid is None else round(bid * 100),
        EMPTY_ASK if ask is None else round(ask * 100), **({"age_ns": SECOND} | fields),
    )  # fmt: skip


def phrase(label: str, *lines: PhraseLine, rate: float = 40, n: int = 0, **fields: Any) -> PhraseView:
    """A phrase; rate and chance in per cent."""
    chance = fields.pop("chance", None)
    found = PhraseChance(*(each / 100 for each in chance)) if chance else None
    usual = {"phrase": label.casefold(), "least": 1}
    return PhraseView(label=label, lines=lines, rate=rate / 100, n=n, chance=found, **(usual | fields))


def speech(title: str, stage: Stage, *phrases: PhraseView, minutes: float | None = None, lasts: int = 45, **fields: Any) -> SpeechView:  # fmt: skip
    """An event that begins so many minutes from now; None where nobody says."""
    start = 0 if minutes is None else NOW + round(minutes * 60) * SECOND
    usual = {
        "id": title.casefold(), "speaker": "trump", "kind": "remarks", "clock": "venue", "start_ns": start,
        "end_ns": start + lasts * MINUTE if start else 0, "venues": ("K",),
    }  # fmt: skip
    return SpeechView(title=title, stage=stage, phrases=phrases, **(usual | fields))


CRYPTO, TARIFF = "KXTRUMPMENTION-26DEC01-CRYP", "KXTRUMPMENTION-26DEC01-TARI"
RALLY = speech(
    "What will Donald Trump say during his rally at the Ohio State Fairgrounds?", Stage.LIVE,
    phrase("Crypto / Bitcoin", line("K", 36, 38, CRYPTO, side=ASK, price=38, edge=10, low=6.1, mark="T", move=2),
           line("P", 35, 38, "0xcrypto", side=ASK, price=38, edge=9.4, low=5.8, move=-1), rate=61, n=39, chance=(22, 27.4, 31),
           flags=("RULES", "BOTH")),
    phrase("Tariff", line("K", 80, 83, TARIFF, side=BID, price=80, edge=1.2, low=-2.3, mark="P", move=-12), rate=69, n=58,
           chance=(78, 81, 84), least=5, flags=("x5",)),
    phrase("Immigrant", line("K", 95, 97, "KXTRUMPMENTION-26DEC01-IMMI"), rate=75, n=95, settled="yes"),
    phrase("Golden Dome", line("P", 12, 19, "0xdome", mark="?", move=0.2), rate=41, chance=(20, 38, 55), flags=("POST", "RULES")),
    phrase("Somebody nobody listed before", line("K", None, 4, "KXTRUMPMENTION-26DEC01-SOMB", mark="z"), rate=40),
    id="rally", kind="rally", lasts=90, minutes=-83.1, location="Columbus, Ohio", source="whitehouse", venues=("K", "P"),
)  # fmt: skip
BRIEFING = speech(
    "Press Secretary Briefing", Stage.SOON,
    phrase("Epstein", line("K", 44, 47, "KXSECPRESSMENTION-26DEC01-EPST", side=BID, price=44, edge=3.1, low=0.4, mark="W"),
           rate=47, n=17, chance=(45, 49, 54)),
    id="briefing", speaker="Karoline Leavitt", kind="briefing", minutes=41.3, clock="calendar", source="whitehouse",
    location="James S. Brady Briefing Room", moved_ns=30 * MINUTE,
)  # fmt: skip
PRESSER = speech(
    "What will Jerome Powell say during the December press conference?", Stage.ANNOUNCED,
    phrase("Recession", line("K", 20, 23, "KXFEDMENTION-26DEC09-RECE", side=ASK, price=23, edge=8, low=5.5),
           rate=31, n=22, chance=(11, 14, 17)),
    phrase("Good afternoon", line("K", 97, 98, "KXFEDMENTION-26DEC09-GOOD"), rate=99, n=40, chance=(98, 99.8, 100)),
    id="fomc", speaker="powell", kind="press conference", minutes=8 * DAY / MINUTE, clock="calendar", source="fomc", lasts=60,
)  # fmt: skip
DINNER = speech("What will Trump say at the Kennedy Center Honors?", Stage.ANNOUNCED,
                phrase("Beautiful", line("U", 60, 66, "us-beautiful"), rate=80, n=4, chance=(60, 70, 79)),
                id="dinner", minutes=5 * HOUR / MINUTE, clock="guess")  # fmt: skip
HEARING = speech("Joint hearing on digital assets", Stage.ANNOUNCED, id="hearing", speaker="", kind="hearing", minutes=-892,
                 clock="calendar", source="congress", all_day=True, location="Rayburn 2128", venues=(), lasts=0,
                 url="https://example.org/hearing")  # fmt: skip
SOMEDAY = speech("Interview with Joe Rogan", Stage.ANNOUNCED, phrase("Alien", line("K", 50, 55, "KXROGAN-ALIEN"), n=3, rate=45),
                 id="someday", kind="interview", clock="")  # fmt: skip
SIGNING = speech(
    "Signing of an executive order", Stage.ENDED, phrase("Nuclear", line("K", 2, 4, "KXSIGN-NUCL"), rate=58, n=48),
    id="signing", kind="signing", minutes=-200,
)  # fmt: skip
CALL = speech(
    "Tesla earnings call", Stage.SETTLED,
    phrase("Robotaxi", line("K", 99, None, "KXTSLA-ROBO"), rate=90, n=8, settled="yes"),
    phrase("Semi", line("K", None, 1, "KXTSLA-SEMI"), rate=60, n=8, settled="no"),
    id="call", speaker="Elon Musk", kind="earnings call", minutes=-1000,
)  # fmt: skip
VISIT = speech("Bilateral meeting with the Prime Minister of Ruritania", Stage.CANCELLED,
               phrase("Castle", line("K", 1, 3, "KXVISIT-CAST"), rate=50, n=1), id="visit", kind="bilateral", minutes=90)  # fmt: skip

SPEECHES = (RALLY, BRIEFING, DINNER, PRESSER, HEARING, SOMEDAY, SIGNING, CALL, VISIT)
SCHEDULE = ScheduleView(SPEECHES, 2381, (("whitehouse", NOW - 3 * MINUTE), ("fomc", NOW - 12 * MINUTE)))
ROWS = (
    row(CRYPTO, "Crypto / Bitcoin", "KXTRUMPMENTION-26DEC01", bid=36, ask=38, mark="T"),
    row(TARIFF, "Tariff", "KXTRUMPMENTION-26DEC01", bid=80, ask=83, why="low side of the band has no edge"),
)
VIEW_OF_WORDS = change(VIEW, schedule=SCHEDULE, rows=(*VIEW.rows, *ROWS))

KINDS = ("rally", "bilateral", "press conference", "remarks")
PAST = tuple(
    PastView(f"2026-{11 - i // 4:02}-{27 - 6 * (i % 4):02}", f"E{i}", KINDS[i % 4], i % 3 != 0)
    for i in range(39)
)
PHRASE = PhraseDetail(
    RALLY, RALLY.phrases[0], PAST,
    (("said", 22.2), ("events", 39.0), ("weighed", 33.7), ("shrunk to", 0.412), ("base rate", 0.614), ("P held", 1.0),
     ("left of it", 0.077), ("other venue", 0.365), ("base's share", 0.62), ("P", 0.2741), ("band half", 0.045)),
    (("K", "the exact word, its plural and its possessive, by the speaker, live; hyphened and open compounds; no closed "
           "compound (firetruck for fire), no clip of another day"),
     ("P", "the same, and closed compounds and aired clips; no written post; an ordinal of a number is in doubt")),
)  # fmt: skip
LISTED = change(MARKET, row=ROWS[0], title="Will Trump say Crypto / Bitcoin?", rules="If the speaker says it, Yes.", orders=(), refusals=(),
                spot=None)  # fmt: skip
PHRASES = {CRYPTO: (PHRASE, LISTED)}
