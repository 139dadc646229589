"""Many cases at once: the batch engine and the back-tests."""
