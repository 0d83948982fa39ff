"""The connection loop over real loopback sockets: what networks and venues do to it, and that it comes back."""

import asyncio
import itertools

import msgspec
import pytest
from echo import Answer, EchoFeed, EchoVenue, Rig, raw

from cockpit.domain.units import MILLISECOND, SECOND
from cockpit.feeds.base import Budget, Poll
from cockpit.rehearsal.stands.asked import json_answer
from cockpit.rehearsal.stands.faults import Faults
from cockpit.runtime import backoff
from cockpit.runtime.clock import Clock


async def test_frames_come_as_bytes_after_their_link_and_messages_go():
    venue = EchoVenue()
    async with venue.server() as server:
        feed = EchoFeed(server)
        async with Rig(feed) as rig:
            await rig.until(rig.data)
            assert rig.links() == [("FeedUp", "echo.ws", "")]
            assert [frame.s for frame in rig.frames] == ["link", "echo.ws"]
            feed.outbox = [b'{"subscribe":1}', b'{"subscribe":2}']
            await rig.until(lambda: len(venue.heard) == 2)
            assert venue.heard == [b'{"subscribe":1}', b'{"subscribe":2}']
            times = [frame.t for frame in rig.frames]
            assert times == sorted(times)
            assert abs(times[0] - rig.clock.now()) < 60 * SECOND


@pytest.mark.parametrize("action", ["reset-all", "drop-all"])
async def test_a_cut_line_is_told_and_made_again(action):
    venue = EchoVenue()
    async with venue.server() as server:
        async with Rig(EchoFeed(server)) as rig:
            for n in range(1, 4):
                await rig.until(lambda n=n: len(venue.wires) == 1 and rig.ups() == n)
                venue.control.act(action)
                await rig.until(lambda n=n: rig.ups() == n + 1)
            kinds = [kind for kind, _, _ in rig.links()]
            assert kinds == ["FeedUp", "FeedDown"] * 3 + ["FeedUp"]


async def test_a_venue_that_accepts_and_drops_is_not_hammered():
    venue = EchoVenue()
    venue.control.set("accept-and-drop")
    async with venue.server() as server:
        feed = EchoFeed(server)
        async with Rig(feed) as rig:
            await rig.until(lambda: len(rig.links()) > 0)
            await asyncio.sleep(0.5)
            line = next(iter(rig.transport._lines.values()))[0]
            # half of 0.05 s is the least wait once they have grown; a loop without waits makes hundreds
            assert 2 <= line.reconnects <= 0.5 / 0.025 + 5
            assert rig.ups() == 0
            assert len(rig.links()) == 1, "the same failure is told once"
            venue.control.set("none")
            await rig.until(rig.data)


async def test_a_line_that_opens_and_falls_waits_longer_and_longer(monkeypatch):
    monkeypatch.setattr(backoff, "MOST_S", 30.0)
    venue = EchoVenue()
    venue.control.set(Faults(freeze_after_s=-1.0))
    async with venue.server() as server:
        async with Rig(EchoFeed(server)) as rig:
            gaps, last = [], asyncio.get_running_loop().time()
            for n in range(1, 6):
                await rig.until(lambda n=n: rig.ups() == n)
                now = asyncio.get_running_loop().time()
                gaps.append(now - last)
                venue.control.act("drop-all")
                last = now
            assert gaps[4] > 0.04, "the fourth wait is at least half of 80 ms"


async def test_refused_connections_are_told_and_tried_again():
    venue = EchoVenue()
    async with venue.server() as server:
        port = server.port
        feed = EchoFeed(server)
    async with Rig(feed) as rig:
        await rig.until(lambda: ("FeedDown", "echo.ws", "connection refused") in rig.links())
        async with venue.server(port=port):
            await rig.until(rig.data)
            rig.tasks[0].cancel()
            await asyncio.wait(rig.tasks[:1])


async def test_a_name_that_is_not_found_is_told():
    venue = EchoVenue()
    async with venue.server() as server:
        feed = EchoFeed(server, socket=False)
    feed.wants = [msgspec.structs.replace(EchoFeed(server).wants[0], url="ws://nowhere.invalid/ws")]
    async with Rig(feed) as rig:
        await rig.until(lambda: len(rig.links()) > 0)
        assert rig.links()[0][:2] == ("FeedDown", "echo.ws")


async def test_a_silent_line_is_begun_again_though_pings_are_answered():
    venue = EchoVenue()
    async with venue.server() as server:
        async with Rig(EchoFeed(server, quiet_ns=100 * MILLISECOND)) as rig:
            await rig.until(lambda: rig.ups() == 2)
            assert ("FeedDown", "echo.ws", "silent for 0 s") in rig.links()


async def test_heartbeats_are_no_data():
    venue = EchoVenue()
    venue.hello = []
    async with venue.server() as server:
        feed = EchoFeed(server, quiet_ns=300 * MILLISECOND, pulse=(b"PONG", b'{"beat"'))
        async with Rig(feed) as rig:
            while rig.ups() < 2:
                venue.say(b"PONG", b'{"beat":1}')
                await asyncio.sleep(0.02)


async def test_a_half_open_line_is_found_by_its_silence():
    venue = EchoVenue()
    async with venue.server() as server:
        async with Rig(EchoFeed(server, quiet_ns=200 * MILLISECOND)) as rig:
            await rig.until(rig.data)
            venue.control.act("freeze")
            await rig.until(lambda: rig.ups() == 2)


async def test_texts_are_sent_to_keep_a_line_alive():
    venue = EchoVenue()
    async with venue.server() as server:
        async with Rig(EchoFeed(server, ping=b"PING", ping_ns=10 * MILLISECOND)) as rig:
            await rig.until(lambda: venue.heard.count(b"PING") >= 3)


@pytest.mark.parametrize(
    ("status", "headers", "least"),
    [(401, (), 5.0), (429, (("Retry-After", "7"),), 7.0), (403, (), 60.0), (503, (), 0.0)],
)
async def test_a_refused_handshake_is_told_and_waited_for(status, headers, least):
    venue = EchoVenue()
    venue.refuse = Answer(status, b"secret page", headers)
    async with venue.server() as server:
        feed = EchoFeed(server)
        async with Rig(feed) as rig:
            await rig.until(lambda: len(rig.links()) > 0)
            assert rig.links() == [("FeedDown", "echo.ws", f"refused: HTTP {status}")]
            await asyncio.sleep(0.2)
            assert (venue.greeted == 1) == (least > 0)


@pytest.mark.parametrize("junk", [b"\xff\xfe not text", b"{" * 500, b"", b'{"a":' + b"9" * 2_000_000 + b"}"])
async def test_any_bytes_are_handed_on_as_they_are(junk):
    venue = EchoVenue()
    venue.hello = [junk, b'{"after":1}']
    async with venue.server(limit=64 << 20) as server:
        async with Rig(EchoFeed(server)) as rig:
            await rig.until(lambda: len(rig.data()) == 2)
            assert rig.data() == [junk, b'{"after":1}']


async def test_a_monstrous_frame_ends_the_line_not_the_program(monkeypatch):
    monkeypatch.setattr("cockpit.runtime.sockets.LARGEST", 100_000)
    venue = EchoVenue()
    venue.hello = [b'"' + b"x" * 200_000 + b'"']
    async with venue.server() as server:
        async with Rig(EchoFeed(server)) as rig:
            await rig.until(lambda: rig.ups() == 2)
            assert any("1009" in why for _, _, why in rig.links())


async def test_under_overload_tickers_are_shed_and_books_wait():
    venue = EchoVenue()
    venue.hello = []
    async with venue.server(limit=64 << 20) as server:
        async with Rig(EchoFeed(server, light=(b'"ticker"',)), room=100) as rig:
            await rig.until(lambda: venue.wires)
            rig.drain = False
            books = [b'{"book":%d}' % n for n in range(400)]
            for n, book in enumerate(books):
                venue.say(book, b'{"type":"ticker","n":%d}' % n)
            await rig.until(lambda: rig.inbox.shed["echo.ws"] > 0 and len(rig.inbox) > 100)
            rig.drain = True
            await rig.until(lambda: len([d for d in rig.data() if d.startswith(b'{"book"')]) == 400)
            assert [d for d in rig.data() if d.startswith(b'{"book"')] == books
            assert 0 < rig.inbox.shed["echo.ws"] <= 400
            assert rig.inbox.most <= 103


# ---------------------------------------------------------------------------------------- polls


async def test_polls_are_asked_again_and_again_and_answers_carry_what_was_asked():
    venue = EchoVenue()
    async with venue.server() as server:
        feed = EchoFeed(server, socket=False, polls=[("/a?x=1", 20 * MILLISECOND)])
        async with Rig(feed) as rig:
            await rig.until(lambda: len(rig.data("echo.rest")) >= 3)
            frame = next(frame for frame in rig.frames if frame.s == "echo.rest")
            assert (frame.u, frame.st) == (f"{server.http}/a?x=1", 200)
            assert set(frame.h or {}) == {"date"}
            assert rig.links() == [("FeedUp", "echo.rest", "")]
            feed.wants = []
            await asyncio.sleep(0.1)
            asked = len(venue.asked)
            await asyncio.sleep(0.1)
            assert len(venue.asked) <= asked + 1


async def test_what_is_asked_once_is_asked_once():
    venue = EchoVenue()
    async with venue.server() as server:
        feed = EchoFeed(server, socket=False)
        async with Rig(feed) as rig:
            feed.once = [Poll("echo.rest", f"{server.http}/page{n}") for n in range(3)]
            await rig.until(lambda: len(rig.data("echo.rest")) == 3)
            await asyncio.sleep(0.05)
            assert [a.path for a in venue.asked if a.method == "GET"] == ["/page0", "/page1", "/page2"]


async def test_an_unchanged_answer_is_not_sent_again(monkeypatch):
    monkeypatch.setattr("cockpit.runtime.polls.TAGGED_FROM_NS", 0)
    venue = EchoVenue()

    def tagged(asked):
        if asked.headers.get("if-none-match") == '"v1"':
            return Answer(304, b"")
        return Answer(200, b'{"v":1}', (("ETag", '"v1"'),))

    venue.answers = {"/tag": tagged}
    async with venue.server() as server:
        async with Rig(EchoFeed(server, socket=False, polls=[("/tag", 10 * MILLISECOND)])) as rig:
            await rig.until(lambda: len(rig.data("echo.rest")) >= 3)
            told = [(frame.st, bytes(frame.d)) for frame in rig.frames if frame.s == "echo.rest"]
            assert told[:2] == [(200, b'{"v":1}'), (304, b"")]


@pytest.mark.parametrize(("headers", "waits"), [((("Retry-After", "1"),), True), ((), False)])
async def test_too_many_questions_hold_all_of_them(headers, waits):
    venue = EchoVenue()
    counts = itertools.count()

    def limited(asked):
        return Answer(429, b"<html>too many</html>", headers) if next(counts) == 0 else json_answer({})

    venue.answers = {"/a": limited}
    async with venue.server() as server:
        feed = EchoFeed(server, socket=False, polls=[("/a", 10 * MILLISECOND)])
        async with Rig(feed) as rig:
            start = asyncio.get_running_loop().time()
            await rig.until(lambda: any(f.st == 200 for f in rig.frames if f.s == "echo.rest"))
            assert (asyncio.get_running_loop().time() - start >= 0.9) == waits
            assert rig.links()[0] == ("FeedDown", "echo.rest", "HTTP 429")
            assert rig.links()[-1] == ("FeedUp", "echo.rest", "")


@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_what_is_asked_once_is_answered_even_when_it_fails(status):
    venue = EchoVenue()
    venue.answers = {"/a": Answer(status, b"<html>bad</html>")}
    async with venue.server() as server:
        feed = EchoFeed(server, socket=False)
        async with Rig(feed) as rig:
            feed.once = [Poll("echo.rest", f"{server.http}/a")]
            await rig.until(lambda: rig.data("echo.rest"))
            assert len([a for a in venue.asked if a.method == "GET"]) == 3
            assert [f.st for f in rig.frames if f.s == "echo.rest"] == [status]


async def test_a_question_nobody_answers_is_answered_by_us():
    venue = EchoVenue()
    async with venue.server() as server:
        feed = EchoFeed(server, socket=False)
    async with Rig(feed) as rig:
        feed.once = [Poll("echo.rest", f"{server.http}/a")]
        await rig.until(lambda: rig.data("echo.rest"))
        frame = next(frame for frame in rig.frames if frame.s == "echo.rest")
        assert (frame.st, bytes(frame.d)) == (0, b"connection refused")


@pytest.mark.parametrize("status", [401, 403, 404])
async def test_a_refusal_is_told_and_not_repeated_at_once(status):
    venue = EchoVenue()
    venue.answers = {"/a": json_answer({"error": "no"}, status)}
    async with venue.server() as server:
        async with Rig(EchoFeed(server, socket=False, polls=[("/a", MILLISECOND)])) as rig:
            await rig.until(lambda: rig.data("echo.rest"))
            await asyncio.sleep(0.2)
            assert len([a for a in venue.asked if a.method == "GET"]) == 1


async def test_the_budget_is_kept():
    venue = EchoVenue()
    async with venue.server() as server:
        polls = [(f"/p{n}", MILLISECOND) for n in range(20)]
        feed = EchoFeed(server, socket=False, polls=polls, budget=Budget(50.0, 5.0))
        async with Rig(feed) as rig:
            await rig.until(lambda: rig.data("echo.rest"))
            await asyncio.sleep(0.5)
            assert 5 <= len([a for a in venue.asked if a.method == "GET"]) <= 5 + 50 * 0.5 + 10


async def test_every_poll_gets_its_turn():
    venue = EchoVenue()
    async with venue.server() as server:
        polls = [(f"/p{n}", MILLISECOND) for n in range(10)]
        feed = EchoFeed(server, socket=False, polls=polls, budget=Budget(100.0, 1.0))
        async with Rig(feed) as rig:
            await rig.until(lambda: len({a.path for a in venue.asked if a.method == "GET"}) == 10)


# ---------------------------------------------------------------------------------------- the clock


@pytest.mark.parametrize("skew", [-10, 10])
async def test_a_clock_that_is_ten_seconds_wrong_is_corrected_before_the_first_frame(skew):
    venue = EchoVenue()
    right = venue.control.clock
    async with venue.server() as server:
        clock = Clock(lambda: right() + skew * SECOND)
        async with Rig(EchoFeed(server), clock=clock) as rig:
            await rig.until(rig.data)
            assert abs(rig.frames[0].t - right()) < 3 * SECOND
            assert abs(clock.offset + skew * SECOND) <= 1.5 * SECOND


async def test_signatures_follow_the_venues_own_clock():
    class Key:
        def headers(self, method, url, now):
            return {"X-Now": str(now)}

    venue = EchoVenue()
    venue.control.set(Faults(skew_s=30.0))
    others = [EchoVenue() for _ in range(2)]
    async with venue.server() as server, others[0].server() as second, others[1].server() as third:
        feeds = [EchoFeed(server, "skewed", signed=True), EchoFeed(second, "b"), EchoFeed(third, "c")]
        async with Rig(*feeds, keys={"skewed": Key()}) as rig:
            await rig.until(lambda: rig.data("skewed.ws"))
            (greeting,) = [a for a in venue.asked if "x-now" in a.headers]
            assert abs(int(greeting.headers["x-now"]) - venue.control.now()) < 3 * SECOND
            assert rig.clock.offset == 0


# ---------------------------------------------------------------------------------------- what servers may make libraries raise


@pytest.mark.parametrize(
    "header",
    [
        "Retry-After: \u00b2",
        'ETag: "caf\u00e9"',
        "Date: Mon, 99 Foo 2026",
        "X: a\r\nX: b",
        "Content-Encoding: gzip",
    ],
)
async def test_odd_headers_end_nothing(header, monkeypatch):
    monkeypatch.setattr("cockpit.runtime.polls.TAGGED_FROM_NS", 0)
    asked = []

    async def odd(reader, writer):
        while True:
            await reader.readuntil(b"\r\n\r\n")
            asked.append(header)
            status = b"503 No" if len(asked) % 2 else b"200 OK"
            writer.write(
                b"HTTP/1.1 "
                + status
                + b"\r\nContent-Length: 2\r\n"
                + header.encode("latin-1")
                + b"\r\n\r\n{}"
            )

    async with raw(odd) as url:
        feed = EchoFeed(None, socket=False)
        feed.wants = [Poll("echo.rest", f"{url}/a", 5 * MILLISECOND)]
        async with Rig(feed) as rig:
            await rig.until(lambda: len(asked) >= 6)
            assert not rig.tasks[0].done()


@pytest.mark.parametrize(
    "location",
    ["ws://127.0.0.1:{port}/elsewhere", "ws://[::1", "ws://a..b/", "ws://127.0.0.1:99999/", "", "/ws"],
)
async def test_a_redirect_is_a_refusal_and_takes_no_signature_along(location):
    class Key:
        def headers(self, method, url, now):
            return {"X-Secret": "signed"}

    elsewhere, venue = EchoVenue(), EchoVenue()
    async with elsewhere.server() as other, venue.server() as server:
        told = location.format(port=other.port)
        venue.refuse = Answer(302, b"", (("Location", told),))
        async with Rig(EchoFeed(server, signed=True), keys={"echo": Key()}) as rig:
            await rig.until(lambda: len(rig.links()) > 0)
            assert rig.links() == [("FeedDown", "echo.ws", "refused: HTTP 302")]
            await asyncio.sleep(0.05)
        assert not elsewhere.asked


async def test_a_trickling_answer_is_given_up(monkeypatch):
    monkeypatch.setattr("cockpit.runtime.polls.LONGEST_S", 0.3)

    async def trickle(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        while not writer.is_closing():
            writer.write(b" ")
            await asyncio.sleep(0.02)

    venue = EchoVenue()
    async with venue.server() as server, raw(trickle) as url:
        feed = EchoFeed(server, socket=False, polls=[("/fine", 20 * MILLISECOND)])
        feed.wants += [Poll("echo.slow", f"{url}/{n}", MILLISECOND) for n in range(6)]
        async with Rig(feed) as rig:
            await rig.until(lambda: len(rig.data("echo.rest")) >= 3)
            await rig.until(lambda: ("FeedDown", "echo.slow", "no answer in time") in rig.links())


async def test_while_we_do_not_listen_nobody_is_silent():
    venue = EchoVenue()
    venue.hello = []
    async with venue.server(limit=64 << 20) as server:
        async with Rig(EchoFeed(server, quiet_ns=200 * MILLISECOND), room=20) as rig:
            await rig.until(lambda: venue.wires)
            rig.drain = False
            venue.say(*[b'{"book":%d}' % n for n in range(60)])
            await rig.until(lambda: rig.inbox.full)
            await asyncio.sleep(0.5)
            rig.drain = True
            await rig.until(lambda: len(rig.data()) == 60)
            assert rig.ups() == 1


async def test_an_answer_that_was_shed_is_asked_for_whole(monkeypatch):
    monkeypatch.setattr("cockpit.runtime.polls.TAGGED_FROM_NS", 0)
    venue = EchoVenue()
    whole = []

    def tagged(asked):
        if asked.headers.get("if-none-match"):
            return Answer(304, b"")
        whole.append(asked)
        return Answer(200, b'{"v":1}', (("ETag", '"v1"'),))

    venue.answers = {"/tag": tagged}
    async with venue.server() as server:
        feed = EchoFeed(server, socket=False, polls=[("/tag", 10 * MILLISECOND)])
        async with Rig(feed, room=4) as rig:
            rig.drain = False
            await rig.until(lambda: rig.inbox.shed["echo.rest"] > 0)
            rig.drain = True
            await rig.until(lambda: any(bytes(f.d) for f in rig.frames if f.s == "echo.rest"))


async def test_one_question_that_fails_waits_longer_and_longer_though_others_are_answered(monkeypatch):
    monkeypatch.setattr(backoff, "MOST_S", 30.0)
    venue = EchoVenue()
    venue.answers = {"/bad": Answer(500, b"{}")}
    async with venue.server() as server:
        polls = [("/bad", MILLISECOND), ("/fine", 10 * MILLISECOND)]
        async with Rig(EchoFeed(server, socket=False, polls=polls)):
            await asyncio.sleep(0.8)
            assert len([a for a in venue.asked if a.path == "/bad"]) <= 8
            assert len([a for a in venue.asked if a.path == "/fine"]) >= 20


async def test_questions_asked_once_and_standing_ones_take_turns():
    venue = EchoVenue()
    async with venue.server() as server:
        feed = EchoFeed(server, socket=False, polls=[("/standing", MILLISECOND)], budget=Budget(100.0, 1.0))
        async with Rig(feed) as rig:
            feed.once = [Poll("echo.rest", f"{server.http}/once{n}") for n in range(200)]
            await rig.until(lambda: sum(a.path == "/standing" for a in venue.asked) >= 5)
            assert sum(a.path.startswith("/once") for a in venue.asked) <= 20


async def test_a_proxy_that_cannot_be_used_is_told_without_its_password(monkeypatch):
    from cockpit.domain.errors import SettingsError
    from cockpit.runtime.inbox import Inbox
    from cockpit.runtime.transport import Transport

    monkeypatch.setenv("ALL_PROXY", "nonsense://me:hunter2@proxy.test:1")
    with pytest.raises(SettingsError, match="proxy") as caught:
        await Transport({}, Inbox(), Clock()).run()
    assert "hunter2" not in str(caught.value)
