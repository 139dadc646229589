"""The promises that are published."""
