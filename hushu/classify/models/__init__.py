"""Data that ships with the recognisers: the model, its vocabulary, word lists."""
