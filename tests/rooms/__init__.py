"""The rooms of the application, each through its doors."""
