"""The tables of this room, as they came to be."""
