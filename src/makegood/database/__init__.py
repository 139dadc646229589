"""PostgreSQL: where it comes from, who may connect as what, and the walls inside it."""
