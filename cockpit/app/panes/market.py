"""Everything about one market: book with our orders, chart, where its fair value comes from, our orders, its rules."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from cockpit.app import cells, text
from cockpit.app.line import Line, Part, crop, length, part, wrap
from cockpit.app.panes import reasons
from cockpit.app.panes.desk_rows import behind
from cockpit.app.widgets.chart import chart
from cockpit.app.widgets.ladder import ladder
from cockpit.domain.spots import SpotLine
from cockpit.domain.units import BID
from cockpit.domain.view import Detail, OrderView

ABREAST_FROM = 78
"""From this width the chart stands beside the ladder, below it under the ladder."""
LADDER = 36
"""Cells of the ladder beside the chart."""


def document(
    detail: Detail, now: int, width: int, height: int, *, dots: bool = True, valued: bool = True
) -> list[Line]:
    """All rows there are; book and chart take what a page of this height leaves them.

    Args:
        detail: the market's.
        now: ns UTC.
        width: cells there are.
        height: rows of a page.
        dots: charts in braille; else in letters.
        valued: tell where the fair value comes from; else that was told already.
    """
    head = [*_head(detail, now, width), *_against(detail, width)]
    own = [order.price for order in detail.orders if rests(order)]
    if width >= ABREAST_FROM:
        rows = max(8, min(height - len(head) - 4, 20))
        left = ladder(detail, LADDER, rows)
        body = _abreast(left, chart(detail.points, own, width - LADDER - 1, rows, dots=dots))
    else:
        levels = min(len(detail.levels) + 4, max(6, height // 3), 13)
        body = [
            *ladder(detail, width, levels),
            *chart(detail.points, own, width, max(7, min(height // 4, 10))),
        ]
    ours = _orders(detail, now, width)
    first = bool(own) and width < ABREAST_FROM
    return [
        *head,
        *body,
        *(ours if first else ()),
        *(_value(detail, width) if valued else ()),
        *_terms(detail, width),
        *(() if first else ours),
        *_rules(detail, width),
    ]


def _abreast(left: Sequence[Line], right: Sequence[Line]) -> list[Line]:
    rows = []
    for a, b in zip_longest(left, right, fillvalue=()):
        rows.append((*a, (" " * (LADDER + 1 - length(a)), "text"), *b))
    return rows


def rests(order: OrderView) -> bool:
    """Whether an order is at work, or on its way."""
    return order.state in ("sent", "working", "cancelling")


def _head(detail: Detail, now: int, width: int) -> list[Line]:
    row = detail.row
    fair = text.NONE if row.fair is None else _band(row.fair.low, row.fair.mid, row.fair.high)
    left = f"{text.duration(row.left_ns)} left" if row.left_ns else ""
    terms = [
        part(text.own_top(BID, row.bid, row.ask)),
        part(f"fair {fair}", "band"),
        Part(((text.act(row.side, row.price), "ticket"), (" edge ", "text"), cells.cents_cell(row.edge))),
        Part((("LOW ", "text"), cells.cents_cell(row.low))),
        part(f"EV {text.NONE if row.ev is None else f'{row.ev:.2f}'}"),
    ]
    return [
        *wrap(detail.title, width, 2, "title"),
        *cells.flow(
            [part(row.label, "accent"), part(row.ticker, "dim"), part(left), *_flags(row.flags)], width
        ),
        *cells.flow(terms, width),
    ]


def _terms(detail: Detail, width: int) -> list[Line]:
    """The fee terms, and the fill rule that counts with what speaks for it."""
    return [
        (("TERMS", "header"),),
        *wrap(f"fee {detail.fee}", width, 2),
        *wrap(f"fills by {detail.by_order}", width, 2),
    ]


def _flags(flags: Sequence[str]) -> list[Part]:
    return [part(flag, "warn") for flag in flags]


def _band(low: float, mid: float, high: float) -> str:
    return "-".join(text.probability(value, 1) for value in (low, mid, high))


def _against(detail: Detail, width: int) -> list[Line]:
    """What stands against trading here now."""
    why = [*detail.refusals, *([detail.row.why] if detail.row.why else [])]
    return (
        cells.flow([part("NOT NOW:", "warn"), *(part(text.clean(reason)) for reason in why)], width)
        if why
        else []
    )


# ---------------------------------------------------------------------------------------------- fair value


def _value(detail: Detail, width: int) -> list[Line]:
    if not detail.explanation:
        return [crop((("VALUE", "header"), ("  no model of ours values this market", "dim")), width)]
    head: Line = (("VALUE", "header"), (" where the fair value comes from", "dim"))
    return [crop(head, width), *reasons.lines(detail.explanation, width), *_spot(detail.spot, width)]


def _spot(spot: SpotLine | None, width: int) -> list[Line]:
    """Whose prices the spot is made of, and what the volatility is."""
    if spot is None:
        return []
    vols = [Part(((f"{name} ", "dim"), (f"{value * 100:.0f}%", "text"))) for name, value in spot.vols]
    return [
        *(cells.block("SPOT", cells.sources(spot), width) if spot.sources else ()),
        *(cells.block("VOL", vols, width) if vols else ()),
    ]


# ---------------------------------------------------------------------------------------------- orders and rules


def _orders(detail: Detail, now: int, width: int) -> list[Line]:
    """Our orders here and why each filled, or did not."""
    if not detail.orders:
        return [crop((("OUR ORDERS", "header"), ("  none here", "dim")), width)]
    rows: list[Line] = [crop((("OUR ORDERS", "header"), (" and why they filled, or did not", "dim")), width)]
    for order in detail.orders:
        rows += _order(order, now, width)
    return rows


def _order(order: OrderView, now: int, width: int) -> Iterator[Line]:
    resting = rests(order)
    parts = [
        part(order.id, "own" if resting else "dim"),
        part(text.act(order.side, order.price)),
        part(f"{text.quantity(order.qty)} {order.state}", "text" if resting else "dim"),
    ]
    if resting:
        parts += [
            part(
                f"left {text.short_quantity(order.left)} behind {behind(order)} of {text.short_quantity(order.level)}"
            ),
            part(f"{order.rule} Pf {cells.share(order.fill)}%"),
            part(f"ttl {text.duration(order.expires_ns - now)}" if order.expires_ns else "no end"),
        ]
    if order.tag:
        parts.append(part(order.tag, "accent"))
    yield from cells.flow(parts, width)
    if order.story:
        yield from cells.flow([part(text.clean(line), "dim") for line in order.story], width, indent="   ")


def _rules(detail: Detail, width: int) -> list[Line]:
    words = detail.rules or "the venue told no rules"
    return [(("RULES", "header"),), *wrap(words, width, 40)]
