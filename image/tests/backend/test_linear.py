"""Products in parts: all of one size, and the same values as at once."""

import pytest
import torch
from torch import Tensor

from amplify_vep.backend.linear import in_parts


@pytest.mark.parametrize("shape", [(1, 1), (3, 3), (1, 8), (5, 4), (2, 4, 3)])
def test_parts_have_one_size_and_give_what_the_product_gives(shape: tuple[int, ...]) -> None:
    weight = torch.arange(12.0).view(6, 2)
    sizes: list[int] = []

    def product(x: Tensor) -> Tensor:
        sizes.append(len(x))
        return x @ weight.T

    x = torch.arange(float(torch.Size(shape).numel() * 2)).view(*shape, 2)
    result = in_parts(product, x, rows=8)

    torch.testing.assert_close(result, x @ weight.T)
    assert sizes == [8] * -(-torch.Size(shape).numel() // 8)
