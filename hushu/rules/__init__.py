"""The vocabulary and the law, as data, and the engine that reads them."""
