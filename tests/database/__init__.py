"""PostgreSQL: where it comes from, and its walls."""
