"""The keyed hashes of hushu, and how much of a digest a token shows."""

from typing import Literal

HashName = Literal["sha256", "sm3"]
DIGEST_BYTES = 10
"""80 bits: among n values two tokens coincide with probability n² / 2**81."""
