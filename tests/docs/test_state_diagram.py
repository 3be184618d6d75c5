"""The guide's diagram and table are the table of transitions in code."""

from dsar_export.requests.states import TRANSITIONS, Action, State
from tools.state_diagram import GUIDE, NOT_DRAWN, diagram, drawn, table


def test_the_guide_shows_what_the_code_has() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    assert diagram() in text
    assert table() in text
    assert drawn(text) == text, "run .venv/bin/python -m tools.state_diagram"


def test_the_diagram_has_an_arrow_for_every_way_but_those_that_lead_from_almost_everywhere() -> None:
    arrows = diagram().splitlines()
    for action, way in TRANSITIONS.items():
        for source in way.sources:
            found = [x for x in arrows if x.startswith(f"    {source} --> {way.target}:")]
            assert any(action.replace("_", " ") in arrow for arrow in found) == (action not in NOT_DRAWN)


def test_the_table_has_every_action_and_every_state() -> None:
    for action in Action:
        assert f"| {action.replace('_', ' ')} |" in table()
    for state in State:
        assert state.replace("_", " ") in table()
