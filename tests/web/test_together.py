"""A text that another one hides, or that a template can't reach, is found when the program is loaded."""

import pytest

from dsar_export.web.together import together


def test_texts_are_found_by_their_names() -> None:
    assert together({"a": "A"}, {"b": "B"}) == {"a": "A", "b": "B"}


@pytest.mark.parametrize("other", [{"a": "another A"}, {"get": "a method of each mapping"}])
def test_a_name_that_is_taken_is_refused(other: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=next(iter(other))):
        together({"a": "A"}, other)
