"""One person or two."""

import pytest

from cockpit.models.match.names import DIFFERS, DOUBTFUL, SAME, alike


@pytest.mark.parametrize(
    ("a", "b", "said"),
    [
        ("jon ossoff", "jon ossoff", SAME),
        ("george walish", "george walsh", DOUBTFUL),
        ("robert f kennedy", "robert kennedy", DOUBTFUL),
        ("luiz inacio lula da silva", "lula da silva", SAME),
        ("john smith", "john paul smith", SAME),
        ("john a smith", "john b smith", DOUBTFUL),
        ("carlo correa", "carlos correa", DOUBTFUL),
        ("bolsonaro", "flavio bolsonaro", DOUBTFUL),
        ("robert kennedy", "robert kennedy jr", DOUBTFUL),
        ("jair bolsonaro", "flavio bolsonaro", DIFFERS),
        ("bill clinton", "hillary clinton", DIFFERS),
        ("john brennan", "john kerry", DIFFERS),
        ("austria", "australia", DIFFERS),
        ("israel and qatar", "israel and saudi arabia and qatar", DIFFERS),
        ("team 1", "team 12", DIFFERS),
        ("manchester city", "manchester united", DIFFERS),
        ("real madrid b", "real madrid", DOUBTFUL),
        ("george bush", "george w bush", DOUBTFUL),
        ("any country", "any nato country", DOUBTFUL),
        ("ana ruiz", "ana not ruiz", DOUBTFUL),
        ("lula da silva", "former lula da silva", DOUBTFUL),
        ("lula da silva", "#2 lula da silva", DOUBTFUL),
        ("olga brandt", "olaf brandt", DIFFERS),
    ],
)
def test_likeness_either_way_round(a, b, said):
    assert alike(a, b) == alike(b, a) == said
