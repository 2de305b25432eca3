import pytest

from network_portal.numbers import row_id, row_ids


@pytest.mark.parametrize(
    "text", ["", "-1", "+1", " 1", "1.0", "1_0", "٣", "²", "9" * 19, "9" * 5000]
)
def test_what_is_no_number_of_a_row(text):
    assert row_id(text) is None


def test_numbers_of_rows_are_read_up_to_the_largest():
    assert row_id("9" * 18) == 10**18 - 1
    assert row_ids(["7", "x", "8", "7", "9" * 19]) == {7, 8}
