"""How the year of the demonstration place is made: planned by chance with a seed, carried out by the real actions."""
