"""Making it less: plans, operators, keys, releases, group privacy, risk, queries, fingerprints."""
