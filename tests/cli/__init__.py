"""How the command line behaves as other programs and people call it."""
