"""Typing it: one module per verb; output.py is the only one that writes to the terminal."""
