"""Each condition of the gate alone, in the words a trader reads."""

from typing import Any

import msgspec
import pytest

from cockpit.domain.units import SECOND
from cockpit.models.leads.gate import GATE, Evidence, evidence, gate
from cockpit.models.leads.record import LeadRecord, Session
from cockpit.models.leads.trial import LeadResult

HOUR = 3600 * SECOND
GOOD_RESULT = LeadResult(2.0, 0.9, 0.85, 1.5, 1.2, 900, 800, 30_000.0, 1)
GOOD = Evidence(9 * 3600.0, 900, 800, GOOD_RESULT, 3600.0, 5, 5, 0.1, 0.3)


def test_nothing_stands_against_good_evidence() -> None:
    assert gate(GOOD) == ()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"recorded_s": 0.4 * 3600}, "0.4 of 8 h recorded"),
        ({"recorded_s": 7.99 * 3600}, "7.9 of 8 h recorded"),
        ({"changes_x": 212}, "212 of 300 changes"),
        ({"changes_y": 299}, "299 of 300 changes"),
        ({"result": None}, "not tested"),
        ({"llr": 1.08, "llr_null95": 1.0}, "LLR 1.08 under 1.2"),
        ({"llr": 1.1999, "llr_null95": 1.0}, "LLR 1.19 under 1.2"),
        ({"lag_s": 0.0}, "no lag"),
        ({"lag_s": -1.5}, "Kalshi leads"),
        ({"rho": 0.854}, "correlation gains 0.004 of 0.01"),
        ({"llr_null95": 1.5}, "not above chance"),
        ({"clock_s": 0.7}, "lag 2 s under 3x clock error"),
        ({"clock_s": None}, "clock error unknown"),
        ({"lag_s": 0.5}, "lag 0.5 s under own 0.55 s"),
        ({"latency_s": None}, "own latency unknown"),
        ({"held": 2}, "sign held in 2 of 5 sessions"),
        ({"age_s": 25.5 * 3600}, "test 26 h old"),
    ],
)
def test_each_condition_alone(more: dict[str, Any], words: str) -> None:
    result = {key: value for key, value in more.items() if key in LeadResult.__struct_fields__}
    rest = {key: value for key, value in more.items() if key not in result}
    if result:
        rest["result"] = msgspec.structs.replace(GOOD_RESULT, **result)
    assert gate(msgspec.structs.replace(GOOD, **rest)) == (words,)


def test_everything_that_is_not_met_is_told() -> None:
    assert gate(Evidence(0.0, 0, 0)) == ("0.0 of 8 h recorded", "0 of 300 changes", "not tested")


def test_just_met_is_met() -> None:
    result = msgspec.structs.replace(GOOD_RESULT, llr=1.2, llr_null95=1.1, lag_s=0.6, rho=0.51, rho0=0.5)
    edge = Evidence(8 * 3600.0, 300, 300, result, 24 * 3600.0, 4, 5, 0.2, 0.35)
    assert gate(msgspec.structs.replace(edge, clock_s=0.19)) == ()


def test_evidence_is_gathered_from_the_record() -> None:
    now = 100 * HOUR
    told = [
        Session(i * HOUR, (i + 1) * HOUR, HOUR // 2, 10, 20, sign) for i, sign in enumerate((1, 0, 1, 1, 1))
    ]
    record = LeadRecord("S", sessions=[*told, Session(90 * HOUR, now, HOUR, 5, 6)])
    found = evidence(record, msgspec.structs.replace(GOOD_RESULT, tested_ns=now - HOUR), now, 0.1, 0.2)
    assert (found.recorded_s, found.changes_x, found.changes_y) == (3.5 * 3600, 55, 106)
    assert (found.held, found.sessions) == (4, 5)
    assert found.age_s == 3600
    assert evidence(record, None, now, None, None).result is None
    assert GATE.sessions == 5
