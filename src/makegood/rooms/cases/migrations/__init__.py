"""How the tables of the cases came to be."""
