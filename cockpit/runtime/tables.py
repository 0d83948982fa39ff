"""The journal's tables: the numbered migrations, a typed row for each table, and every statement that writes one.

All numbers are domain units, all times ns UTC. Each writing statement touches exactly one row, or the journal and
the state it is told do not belong together. A row that comes again, as after a run from the same state, meets its
own key: it changes nothing, and one of the same key with other terms touches no row.
"""

import msgspec

APPLICATION = 0x636B7074
"""``application_id`` of a journal: "ckpt"."""

MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE account (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        opening BLOB NOT NULL, seq INTEGER NOT NULL, ts INTEGER NOT NULL
    );
    CREATE TABLE tickets (
        id TEXT NOT NULL, lane TEXT NOT NULL, market TEXT NOT NULL, side INTEGER NOT NULL, price INTEGER NOT NULL,
        qty INTEGER NOT NULL, raised_ns INTEGER NOT NULL, expires_ns INTEGER NOT NULL,
        state TEXT NOT NULL DEFAULT 'proposed', ended_ns INTEGER NOT NULL DEFAULT 0, reason TEXT NOT NULL DEFAULT '',
        UNIQUE (id, raised_ns)
    );
    CREATE TABLE decisions (
        ts INTEGER NOT NULL, kind TEXT NOT NULL, lane TEXT NOT NULL, market TEXT NOT NULL, command TEXT NOT NULL,
        reason TEXT NOT NULL, orphan INTEGER NOT NULL,
        UNIQUE (ts, kind, lane, market, command, reason)
    );
    CREATE TABLE orders (
        id TEXT NOT NULL UNIQUE, lane TEXT NOT NULL, market TEXT NOT NULL, side INTEGER NOT NULL,
        price INTEGER NOT NULL, qty INTEGER NOT NULL, rule TEXT NOT NULL, sent_ns INTEGER NOT NULL,
        due_ns INTEGER NOT NULL, live_ns INTEGER NOT NULL DEFAULT 0, ahead INTEGER NOT NULL DEFAULT 0,
        state TEXT NOT NULL DEFAULT 'sent', ended_ns INTEGER NOT NULL DEFAULT 0, reason TEXT NOT NULL DEFAULT '',
        unfilled INTEGER NOT NULL DEFAULT 0, reduced INTEGER NOT NULL DEFAULT 0
    );
    CREATE INDEX orders_by_time ON orders (sent_ns);
    CREATE TABLE fills (
        ts INTEGER NOT NULL, lane TEXT NOT NULL, order_id TEXT NOT NULL REFERENCES orders (id),
        market TEXT NOT NULL, side INTEGER NOT NULL, price INTEGER NOT NULL, qty INTEGER NOT NULL,
        rule TEXT NOT NULL, cause TEXT NOT NULL, counts INTEGER NOT NULL, gap INTEGER NOT NULL,
        fee INTEGER NOT NULL, ordinal INTEGER NOT NULL,
        UNIQUE (order_id, rule, ordinal)
    );
    CREATE INDEX fills_by_time ON fills (ts);
    CREATE TABLE cash (lane TEXT NOT NULL UNIQUE, amount INTEGER NOT NULL, ts INTEGER NOT NULL);
    CREATE TABLE positions (
        lane TEXT NOT NULL, market TEXT NOT NULL, qty INTEGER NOT NULL, realised INTEGER NOT NULL,
        fees INTEGER NOT NULL, ts INTEGER NOT NULL,
        UNIQUE (lane, market)
    );
    CREATE TABLE settlements (
        ts INTEGER NOT NULL, lane TEXT NOT NULL, market TEXT NOT NULL, state TEXT NOT NULL,
        value INTEGER NOT NULL, pnl INTEGER NOT NULL,
        UNIQUE (lane, market, ts, state, value)
    );
    CREATE TABLE alerts (ts INTEGER NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL, UNIQUE (ts, kind, text));
    CREATE TABLE pairs (pair TEXT NOT NULL UNIQUE, rules_hash TEXT NOT NULL, ts INTEGER NOT NULL);
    """,
    """
    CREATE TABLE queues (
        ts INTEGER NOT NULL, venue TEXT NOT NULL, order_id TEXT NOT NULL, market TEXT NOT NULL, side INTEGER NOT NULL,
        price INTEGER NOT NULL, reported INTEGER NOT NULL, fifo INTEGER NOT NULL, tail INTEGER NOT NULL,
        UNIQUE (venue, order_id, ts)
    );
    CREATE INDEX queues_by_time ON queues (ts);
    """,
    """
    ALTER TABLE orders ADD COLUMN ticket TEXT NOT NULL DEFAULT ''
    """,
)
"""One script a schema version, oldest first; a released one is never edited, a change is a new script at the end."""


class _Row(msgspec.Struct, frozen=True, gc=False):
    """What all rows share: fields in the order of the columns selected."""


class TicketRow(_Row, frozen=True):
    """One revision of a proposal, and how it ended; ``ended_ns`` 0 while it stands.

    One whose terms were changed ended as ``revised``, when the next revision was raised.
    """

    id: str
    lane: str
    market: str
    side: int
    price: int
    qty: int
    raised_ns: int
    expires_ns: int
    state: str
    ended_ns: int
    reason: str


class DecisionRow(_Row, frozen=True):
    """What was decided: done or refused, halted or resumed; ``orphan`` when it named nothing that exists."""

    ts: int
    kind: str
    lane: str
    market: str
    command: str
    reason: str
    orphan: bool


class OrderRow(_Row, frozen=True):
    """An order under its own rule. ``qty`` is as sent, ``unfilled`` what a cancel took back."""

    id: str
    lane: str
    market: str
    side: int
    price: int
    qty: int
    rule: str
    sent_ns: int
    due_ns: int
    """When it reaches the venue."""
    live_ns: int
    ahead: int
    state: str
    ended_ns: int
    reason: str
    unfilled: int
    reduced: int
    """The quantity it was last amended down to; 0 when never."""
    filled: int
    ticket: str = ""
    """The proposal it carries out; empty for one of a lane's own or placed by hand, and in rows of older versions."""


class FillRow(_Row, frozen=True):
    """One fill under one rule. ``counts`` marks the order's own rule, ``ordinal`` numbers from 0 by order and rule."""

    ts: int
    lane: str
    order: str
    market: str
    side: int
    price: int
    qty: int
    rule: str
    cause: str
    counts: bool
    gap: bool
    fee: int
    ordinal: int


class PositionRow(_Row, frozen=True):
    """The newest word on one lane's net YES in one market; ``realised`` is before fees."""

    lane: str
    market: str
    qty: int
    realised: int
    fees: int
    ts: int


class SettlementRow(_Row, frozen=True):
    """A settlement as booked: what one YES pays (-1 not known), and the market's P&L after fees."""

    ts: int
    lane: str
    market: str
    state: str
    value: int
    pnl: int


class AlertRow(_Row, frozen=True):
    """Something a person was told."""

    ts: int
    kind: str
    text: str


class QueueRow(_Row, frozen=True):
    """What a venue said is ahead of a real order, beside our own two figures."""

    ts: int
    venue: str
    order_id: str
    market: str
    side: int
    price: int
    reported: int
    fifo: int
    tail: int


class PairRow(_Row, frozen=True):
    """A person's word on a pair, empty hash: refused. ``ts`` is of the commit that first held it."""

    pair: str
    rules_hash: str
    ts: int


# ---------------------------------------------------------------------- writing

RAISED = """
    INSERT INTO tickets (id, lane, market, side, price, qty, raised_ns, expires_ns) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (id, raised_ns) DO UPDATE SET id = excluded.id
    WHERE (lane, market, side, price, qty) =
        (excluded.lane, excluded.market, excluded.side, excluded.price, excluded.qty)"""
TICKET_ENDED = """
    UPDATE tickets SET state = ?2, ended_ns = ?3, reason = ?4
    WHERE id = ?1 AND raised_ns = (SELECT max(raised_ns) FROM tickets WHERE id = ?1)"""
DECIDED = """
    INSERT INTO decisions (ts, kind, lane, market, command, reason, orphan) VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (ts, kind, lane, market, command, reason) DO UPDATE SET ts = excluded.ts"""
PLACED = """
    INSERT INTO orders (id, lane, market, side, price, qty, rule, sent_ns, due_ns, ticket)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET id = excluded.id
    WHERE (lane, market, side, price, qty, rule, sent_ns) = (excluded.lane, excluded.market, excluded.side,
        excluded.price, excluded.qty, excluded.rule, excluded.sent_ns) AND ticket IN ('', excluded.ticket)"""
LIVE = "UPDATE orders SET state = 'working', live_ns = ?2, ahead = ?3 WHERE id = ?1"
ENDED = "UPDATE orders SET state = ?2, ended_ns = ?3, reason = ?4, unfilled = ?5 WHERE id = ?1"
REDUCED = "UPDATE orders SET reduced = ?2 WHERE id = ?1"
FILLED_UP = """
    UPDATE orders SET state = 'filled',
        ended_ns = (SELECT max(ts) FROM fills WHERE order_id = ?1 AND counts = 1)
    WHERE id = ?1"""
FILLED = """
    INSERT INTO fills (ts, lane, order_id, market, side, price, qty, rule, cause, counts, gap, fee, ordinal)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (order_id, rule, ordinal) DO UPDATE SET ordinal = excluded.ordinal
    WHERE (ts, side, price, qty, fee) = (excluded.ts, excluded.side, excluded.price, excluded.qty, excluded.fee)"""
CASH = "INSERT OR REPLACE INTO cash (lane, amount, ts) VALUES (?, ?, ?)"
POSITION = (
    "INSERT OR REPLACE INTO positions (lane, market, qty, realised, fees, ts) VALUES (?, ?, ?, ?, ?, ?)"
)
SETTLED = "INSERT OR REPLACE INTO settlements (ts, lane, market, state, value, pnl) VALUES (?, ?, ?, ?, ?, ?)"
ALERTED = """
    INSERT INTO alerts (ts, kind, text) VALUES (?, ?, ?)
    ON CONFLICT (ts, kind, text) DO UPDATE SET ts = excluded.ts"""
PAIRED = """
    INSERT INTO pairs (pair, rules_hash, ts) VALUES (?, ?, ?)
    ON CONFLICT (pair) DO UPDATE SET rules_hash = excluded.rules_hash,
        ts = CASE rules_hash WHEN excluded.rules_hash THEN ts ELSE excluded.ts END"""
COMPARED = """
    INSERT INTO queues (ts, venue, order_id, market, side, price, reported, fifo, tail) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (venue, order_id, ts) DO UPDATE SET ts = excluded.ts"""
ACCOUNT = "INSERT OR REPLACE INTO account (id, opening, seq, ts) VALUES (1, ?, ?, ?)"

# ---------------------------------------------------------------------- reading

TICKETS = """
    SELECT id, lane, market, side, price, qty, raised_ns, expires_ns,
        CASE WHEN ended_ns = 0 AND next_ns IS NOT NULL THEN 'revised' ELSE state END,
        CASE WHEN ended_ns = 0 THEN coalesce(next_ns, 0) ELSE ended_ns END, reason
    FROM (
        SELECT *, rowid AS place,
            (SELECT min(raised_ns) FROM tickets AS later WHERE later.id = one.id AND later.raised_ns > one.raised_ns)
                AS next_ns
        FROM tickets AS one WHERE (:lane IS NULL OR lane = :lane) AND raised_ns >= :since
    )
    ORDER BY raised_ns, place"""
DECISIONS = """
    SELECT ts, kind, lane, market, command, reason, orphan FROM decisions WHERE ts >= :since ORDER BY ts, rowid"""
ORDERS = """
    SELECT id, lane, market, side, price, qty, rule, sent_ns, due_ns, live_ns, ahead, state, ended_ns, reason,
        unfilled, reduced,
        (SELECT coalesce(sum(qty), 0) FROM fills WHERE order_id = orders.id AND counts = 1), ticket
    FROM orders WHERE (:lane IS NULL OR lane = :lane) AND sent_ns >= :since AND (NOT :working OR ended_ns = 0)
    ORDER BY sent_ns, rowid"""
FILLS = """
    SELECT ts, lane, order_id, market, side, price, qty, rule, cause, counts, gap, fee, ordinal FROM fills
    WHERE (:lane IS NULL OR lane = :lane) AND ts >= :since ORDER BY ts, rowid"""
POSITIONS = """
    SELECT lane, market, qty, realised, fees, ts FROM positions WHERE :lane IS NULL OR lane = :lane
    ORDER BY lane, market"""
SETTLEMENTS = """
    SELECT ts, lane, market, state, value, pnl FROM settlements
    WHERE (:lane IS NULL OR lane = :lane) AND ts >= :since ORDER BY ts, rowid"""
ALERTS = "SELECT ts, kind, text FROM alerts WHERE ts >= :since ORDER BY ts, rowid"
QUEUES = """
    SELECT ts, venue, order_id, market, side, price, reported, fifo, tail FROM queues WHERE ts >= :since
    ORDER BY ts, rowid"""
PAIRS = "SELECT pair, rules_hash, ts FROM pairs ORDER BY pair"
