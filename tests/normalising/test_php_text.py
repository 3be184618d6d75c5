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
        ("i:-9223372036854775808;", -(2**63)),
        ("i:100000000000000000000;", "i:100000000000000000000;"),
        ("d:0.5;", "d:0.5;"),
        ('s:3:"abc";', "abc"),
        ('s:4:"é";";', 'é";'),
        ('s:1:"\udcff";', "\udcff"),
        ("r:1;", None),
        ("a:0:{}", {}),
        ('a:2:{i:0;s:1:"a";s:1:"k";a:1:{i:5;N;}}', {"0": "a", "k": {"5": None}}),
        ('O:8:"stdClass":2:{s:1:"a";i:1;s:4:"\0*\0b";i:2;}', {"a": 1, "b": 2}),
        ("a:2:{i:0;i:1;i:0;i:2;}", {"0": [1, 2]}),
        ("a:2:{i:0;a:0:{}i:1;R:2;}", {"0": {}, "1": None}),
    ],
)
def test_a_value_is_read_as_it_was_written(text: str, value: object) -> None:
    read = unserialized(text)
    assert read == value
    assert type(read) is type(value)  # true is no number


@pytest.mark.parametrize(
    "text",
    [
        "", "abc", 's:3:"ab";', 's:2:"abc";', "a:1:{}", "a:1:{i:0;}", "a:0:{", "i:1;i:2;", 'C:3:"Foo":0:{}',
        "a:1:{i:0;" * 100,
        "i:x;",
        "a:1:{a:0:{}i:0;}",
        's:99999999999:"a";',
    ],
)  # fmt: skip
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(
        ValueError, match=r"^(not serialized by PHP|text continues after the serialized value)$"
    ):
        unserialized(text)


def test_arrays_are_read_to_a_depth_of_sixty() -> None:
    assert isinstance(unserialized("a:1:{i:0;" * 59 + "a:0:{}" + "}" * 59), dict)
    with pytest.raises(ValueError, match="not serialized by PHP"):
        unserialized("a:1:{i:0;" * 60 + "a:0:{}" + "}" * 60)
