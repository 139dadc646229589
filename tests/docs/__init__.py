"""The documentation is true: its pledges check, its commands run."""
