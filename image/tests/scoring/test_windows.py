from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from amplify_vep.scoring.windows import centred_start, describe_windows, most_central_start, strided_starts


@given(st.integers(1, 80), st.integers(1, 40))
def test_windows_hold_their_positions_and_name_them_all(length: int, window: int) -> None:
    size = min(length, window)
    starts = [(column, centred_start(column, length, window)) for column in range(length)]
    runs = describe_windows(starts, size)

    named = [
        (column, run.start + (column - run.first if run.sliding else 0))
        for run in runs
        for column in range(run.first, run.last + 1)
    ]
    assert named == starts
    assert all(start <= column < start + size and 0 <= start <= length - size for column, start in starts)
    assert len(runs) <= 3


@given(st.integers(1, 200), st.integers(1, 40))
def test_strided_windows_cover_every_position(length: int, window: int) -> None:
    starts = strided_starts(length, window)

    assert all(0 < following - start <= max(1, window // 2) for start, following in pairwise(starts))
    for column in range(length):
        start = most_central_start(column, starts, window)
        assert start <= column < start + window
