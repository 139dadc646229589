"""The entrance: settings, addresses and the service's own commands."""
