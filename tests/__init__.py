"""The tests: what Makegood promises to do, stated as behaviour."""
