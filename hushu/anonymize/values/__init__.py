"""How single values are folded, cut, masked and ciphered, column-wise; what the operators are built of."""
