"""The kit of the pages."""
