"""Text that PHP's `serialize` wrote."""

import pytest

from dsar_export.normalising.php_text import unserialized


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("N;", None),
        ("b:1;", True),
        ("b:0;", False),
        ("i:-7;", -7),
        ("d:0.5;", "d:0.5;"),
        ('s:3:"abc";', "abc"),
        ('s:4:"é";";', 'é";'),
        ("a:0:{}", {}),
        ('a:2:{i:0;s:1:"a";s:1:"k";a:1:{i:5;N;}}', {"0": "a", "k": {"5": None}}),
        ('O:8:"stdClass":2:{s:1:"a";i:1;s:4:"\0*\0b";i:2;}', {"a": 1, "b": 2}),
        ("a:2:{i:0;i:1;i:0;i:2;}", {"0": [1, 2]}),
        ("a:2:{i:0;a:0:{}i:1;R:2;}", {"0": {}, "1": None}),
    ],
)
def test_a_value_is_read_as_it_was_written(text: str, value: object) -> None:
    assert unserialized(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "", "abc", 's:3:"ab";', 's:2:"abc";', "a:1:{}", "a:1:{i:0;}", "a:0:{", "i:1;i:2;", 'C:3:"Foo":0:{}',
        "a:1:{i:0;" * 100,
        "i:x;",
        's:99999999999:"a";',
    ],
)  # fmt: skip
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"PHP|serialized"):
        unserialized(text)
