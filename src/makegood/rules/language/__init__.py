"""Pledge text: read it into typed values, and write it back."""
