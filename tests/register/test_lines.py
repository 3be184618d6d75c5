"""The line of a key is found in any TOML that says the same."""

import pytest

from dsar_export.register.lines import line_of

TEXT = '''version = "1"
"quoted key" = 1
a.b = 2
text = """
version = "not here"
[nor.here]
"""
[sources.main]
url = "x"

[[links]]
given = "email"
valid = { since = "s" }
[[links]]
  given = "phone"
[links.more]
note = \'n\'
["odd name"."x.y"]
z = 1
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("version",), 1),
        (("quoted key",), 2),
        (("a", "b"), 3),
        (("text",), 4),
        (("sources", "main"), 8),
        (("sources", "main", "url"), 9),
        (("sources", "main", "missing"), 8),
        (("links", 0), 11),
        (("links", 0, "given"), 12),
        (("links", 0, "valid", "since"), 13),
        (("links", 1, "given"), 15),
        (("links", 1, "more", "note"), 17),
        (("odd name", "x.y", "z"), 19),
        (("nowhere",), None),
        (("nor", "here"), None),
        ((), None),
    ],
)
def test_the_nearest_key_or_table_is_found(path: tuple[str | int, ...], line: int | None) -> None:
    assert line_of(TEXT, path) == line
