"""Changes that partners could make: said in words, tried on the journeys, and the best of them found."""
