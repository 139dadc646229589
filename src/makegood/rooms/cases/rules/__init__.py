"""What the room decides by itself: how references and tokens look, what may be counted, and what becomes of a photo."""
