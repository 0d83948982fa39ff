"""Bodies of ESPN's site API as they stand on the wire: scoreboards and summaries.

Source: recorded bodies of 2022 to 2026; the API is not documented. Numbers come as numbers or as text, and change
their minds from season to season, so what is read as a number is kept raw here. Everything but an id is optional.
"""

import msgspec

Raw = msgspec.Raw
Text = str | None
Id = str | int | None
_NONE = Raw(b"")


class Struct(msgspec.Struct, frozen=True, rename="camel"):
    """What all bodies share."""


class TeamBody(Struct, frozen=True):
    """A team; all-star sides and visitors from abroad have ids of their own."""

    id: Id = None
    abbreviation: Text = None


class Period(Struct, frozen=True):
    """The points of one period; a summary has only what is displayed."""

    value: Raw = _NONE
    display_value: Raw = _NONE


class Competitor(Struct, frozen=True):
    """One side. Its place in the list means nothing: ``home_away`` does."""

    home_away: Text = None
    team: TeamBody = TeamBody()
    score: Raw = _NONE
    linescores: list[Period] | None = None


class StatusType(Struct, frozen=True):
    """Where the game stands. Its ``id`` is not read: too many of them are not known."""

    name: Text = None
    state: Text = None
    completed: bool | None = None
    short_detail: Text = None
    detail: Text = None


class Status(Struct, frozen=True):
    """Period and clock, in seconds left (``clock``) and as displayed."""

    type: StatusType = StatusType()
    period: Raw = _NONE
    clock: Raw = _NONE
    display_clock: Text = None


class Kind(Struct, frozen=True):
    """What sort of play it was, in words."""

    text: Text = None


class Number(Struct, frozen=True):
    """A play's period."""

    number: Raw = _NONE


class Clock(Struct, frozen=True):
    """A play's clock, as displayed."""

    display_value: Text = None


class Probability(Struct, frozen=True):
    """ESPN's own chances, 0 to 1; its seconds left are always 0."""

    home_win_percentage: Raw = _NONE


class Play(Struct, frozen=True):
    """A play: of a summary with everything, of a scoreboard's situation without period, clock and wall clock."""

    id: Id = None
    type: Kind | None = None
    text: Text = None
    scoring_play: bool | None = None
    score_value: Raw = _NONE
    team: TeamBody | None = None
    probability: Probability | None = None
    home_score: Raw = _NONE
    away_score: Raw = _NONE
    period: Number | None = None
    clock: Clock | None = None
    wallclock: Text = None


class Situation(Struct, frozen=True):
    """There only while a game is on; ``possession`` is a team's id, football only."""

    last_play: Play | None = None
    possession: Id = None


class Competition(Struct, frozen=True):
    """A game: of a scoreboard with odds and situation, of a summary's header without. Those are read by themselves."""

    date: Text = None
    neutral_site: bool | None = None
    competitors: list[Competitor] | None = None
    status: Status = Status()
    odds: list[Raw] | None = None
    situation: Raw = _NONE


class Season(Struct, frozen=True):
    """1 before the season, 2 regular, 3 post, 5 play-in."""

    type: Raw = _NONE


class GameBody(Struct, frozen=True):
    """One game of a scoreboard, or the header of a summary."""

    id: str | int
    date: Text = None
    season: Season | None = None
    competitions: list[Competition] | None = None


class Scoreboard(Struct, frozen=True):
    """GET .../scoreboard: each game is left unread, so that one that cannot be read spares the others."""

    events: list[Raw]


class Chance(Struct, frozen=True):
    """ESPN's own chance after a play; not every play has one."""

    play_id: Id = None
    home_win_percentage: Raw = _NONE


class Summary(Struct, frozen=True):
    """GET .../summary?event=: one game, its plays and its lines."""

    header: GameBody
    pickcenter: list[Raw] | None = None
    plays: list[Raw] | None = None
    winprobability: list[Raw] | None = None


# ---------------------------------------------------------------------------------------------- odds


class Provider(Struct, frozen=True):
    """A book."""

    name: Text = None


class SideOdds(Struct, frozen=True):
    """One side's odds in the shape of 2025."""

    money_line: Raw = _NONE


class Price(Struct, frozen=True):
    """A price as text: "-550", "EVEN"; a line as text: "-11.5", "o175.5"."""

    odds: Raw = _NONE
    line: Raw = _NONE


class Quoted(Struct, frozen=True):
    """The newest price before the game. The opening one is not read: it may be a placeholder."""

    close: Price | None = None


class Sides(Struct, frozen=True):
    """Both sides of a moneyline or a spread."""

    home: Quoted | None = None
    away: Quoted | None = None


class Totals(Struct, frozen=True):
    """Over and under."""

    over: Quoted | None = None


class Odds(Struct, frozen=True):
    """A book's line, of any of three generations: words alone, numbers, or text with ``close`` objects."""

    provider: Provider | None = None
    details: Text = None
    over_under: Raw = _NONE
    spread: Raw = _NONE
    home_team_odds: SideOdds | None = None
    away_team_odds: SideOdds | None = None
    moneyline: Sides | None = None
    point_spread: Sides | None = None
    total: Totals | None = None
