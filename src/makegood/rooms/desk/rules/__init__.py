"""The desk's own pure decisions: how things are called."""
