"""Group privacy: classes, recoding, risk, small cells; what masking names alone does not give."""
