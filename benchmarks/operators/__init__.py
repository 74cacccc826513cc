"""Speed of the operators, beside Presidio's in the same run."""
