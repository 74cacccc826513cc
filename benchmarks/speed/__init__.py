"""How long a scan takes beside reading alone."""
