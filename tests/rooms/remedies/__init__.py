"""The remedies."""
