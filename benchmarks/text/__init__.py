"""How well personal data is found in Chinese text."""
