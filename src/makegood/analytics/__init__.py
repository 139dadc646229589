"""Batch: the compiled rules over millions of cases, and back-tests. No Django."""
