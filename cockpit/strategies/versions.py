"""Every strategy version by name: frozen values, never copied code.

==============  =====================================================================================
V10             The underlying's direction over five minutes at the contract nearest to the money: half a
                standard deviation, fixed size 10. No fair value. The baseline.
V11             V10, and the trend of the market's own mid may veto: at most one standard deviation against.
V12             V11, sized by volatility, with stops at two average true ranges, from the entry or the best since.
V13             V12, on the side another venue's price has gone to first, where that venue is known to lead;
                else V12.
V14             A probability score and an EV gate on the market's mid and its trend; no fair value.
V15             V14 blended with our fair value, whose edge on the low side must clear five cents.
homeUnderdog    An NBA home side at 30 to 35 cents, before the game or early in it; size 10, held to settlement.
favoriteFade    The underdog of a lopsided NBA game at 25 cents or less, before it.
lateGameLeader  The leader of an NBA game's last quarter whose lead is safe by a table.
RULE+P          The same three where our fair value agrees.
yesBias         Sells YES once in every mention market before its event, whatever the word; held to settlement.
==============  =====================================================================================

What each version is was named by its owner. The original thresholds are not known: every number is ours and
settable, and its docstring beside the parameter says what it does.
"""

from typing import Any

import msgspec
from msgspec.structs import replace

from cockpit.domain.errors import SettingsError
from cockpit.strategies.base import Strategy
from cockpit.strategies.directional import Directional
from cockpit.strategies.lead import Leading
from cockpit.strategies.mentions import YesBias
from cockpit.strategies.nba import RULES
from cockpit.strategies.probe import Probe
from cockpit.strategies.score import Blend
from cockpit.strategies.stops import Stops
from cockpit.strategies.valued import Valued

V10 = Directional()
"""Threshold 0.5 sd, size 10, time to live 30 s, spread up to 10 cents, venue heard within 5 s, 60 s to the close."""

V11 = replace(V10, z0=1.0)
"""z0 = 1: one standard deviation of a random walk's own trend; half-lives 30 and 240 s."""

V12 = replace(V11, sigma_ref=0.01, stops=Stops())
"""Reference volatility 0.01 logit a square-root second (2 cents a minute at one half); 14 bars
of one minute and two ranges (Wilder, Le Beau); no stop in the last 120 s; 15 minutes at most."""

V13 = Leading(z0=V12.z0, sigma_ref=V12.sigma_ref, stops=V12.stops)
"""Two ticks and the fee; moved within three lags; spreads up to 5 cents; the other quote 2 s old at most, its venue
heard within 10 s. What must be known of a series first is in `cockpit.models.leads.gate`."""

V14 = Valued()
"""w = 0 (it knows no fair value), beta_z .05, beta_y 0, s0 .10, EV gate 0.2 cent, score gate .60, quarter Kelly on p*
lowered by one standard error."""

V15 = replace(V14, blend=Blend(w=0.35), threshold=0.05)
"""w = .35 until fitted; five cents is the owner's aim for the average edge, asked here of the worst case; orders go
back under half of it; quarter Kelly on the low side of the band."""

VERSIONS: dict[str, Strategy] = {
    "probe": Probe(),
    "V10": V10,
    "V11": V11,
    "V12": V12,
    "V13": V13,
    "V14": V14,
    "V15": V15,
    **{name: alone for name, (alone, _) in RULES.items()},
    **{f"{name}+P": asked for name, (_, asked) in RULES.items()},
    "yesBias": YesBias(),
}
"""Lane name -> version. A new version is one value here."""


def version(name: str) -> Strategy:
    """A version by name, or one with other parameters: ``V15[threshold=0.03;blend.w=0.5]``.

    Values are in the parameters' own units; ``none`` is an absent one. Parts of a parameter are reached by a dot.

    Raises:
        SettingsError: for a name, a parameter or a value that is none.
    """
    base, bracket, rest = name.partition("[")
    found: Any = VERSIONS.get(base)
    if found is None or (bracket and not rest.endswith("]")):
        raise SettingsError(f"no strategy version {name!r}; known: {', '.join(sorted(VERSIONS))}")
    for change in rest[:-1].split(";") if bracket else ():
        parameter, _, value = change.partition("=")
        found = _changed(found, parameter.split("."), value, name)
    strategy: Strategy = found
    return strategy


def known(name: str) -> bool:
    """Whether a name is a version's."""
    try:
        version(name)
    except SettingsError:
        return False
    return True


def _changed(part: Any, path: list[str], value: str, name: str) -> Any:
    """A frozen value with one parameter changed, however deep it lies."""
    kinds = {f.name: f.type for f in msgspec.structs.fields(part)} if isinstance(part, msgspec.Struct) else {}
    if path[0] not in kinds:
        raise SettingsError(f"{name}: no parameter {path[0]!r}; known: {', '.join(kinds) or 'none'}")
    if path[1:]:
        return replace(part, **{path[0]: _changed(getattr(part, path[0]), path[1:], value, name)})
    try:
        made = msgspec.convert(None if value == "none" else value, kinds[path[0]], strict=False)
    except msgspec.ValidationError as error:
        raise SettingsError(f"{name}: {path[0]}: {error}") from None
    return replace(part, **{path[0]: made})
