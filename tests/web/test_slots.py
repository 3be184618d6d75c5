"""How many downloads run at once."""

import pytest

from dsar_export.web.slots import Slots


def test_a_client_has_so_many_and_all_have_so_many() -> None:
    slots = Slots(at_once=3, per_client=2)
    with slots.one("192.0.2.1") as first, slots.one("192.0.2.1") as second, slots.one("192.0.2.1") as third:
        assert (first, second, third) == (True, True, False)
        with slots.one("192.0.2.2") as other, slots.one("192.0.2.3") as beyond:
            assert (other, beyond) == (True, False)
    assert slots.taken == 0


def test_a_slot_is_free_again_however_its_block_ends() -> None:
    slots = Slots(1, 1)
    with pytest.raises(ZeroDivisionError), slots.one("192.0.2.1"):
        raise ZeroDivisionError
    assert slots.is_free("192.0.2.1")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff:2", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("fe80::1%eth0", "fe80::2", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("unix", "unix", True),
    ],
)
def test_a_household_with_ipv6_is_one_client(one: str, other: str, *, same: bool) -> None:
    slots = Slots(9, 1)
    with slots.one(one):
        assert slots.is_free(other) is not same
