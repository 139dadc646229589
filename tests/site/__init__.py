"""The entrance: settings, commands, the worker."""
