"""What people see of a study: words, tables, the drawn map, the page for a meeting, and rows for other programs."""
