"""How fast Makegood is, and against what: every measure beside its yardstick, in one run. `make bench` runs it."""
