"""Grading: 100,000 columns under every pack."""
