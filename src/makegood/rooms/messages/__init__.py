"""What to tell whom, by which way, when, and what became of it.

Owns the wordings, the sending hours, every message and letter with its state, and the mail connection. Does not own why
something is told, nor what a resident writes to us: that belongs to the rooms above.
"""
