"""The ground floor: what was done, by whom, when and why.

Owns the action wrapper, the append-only journal with its seals, the delivery of events to readers, the rounds of the
worker, and the place's clock. Does not own what any entry means: that belongs to the room that acted.
"""
