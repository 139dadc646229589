"""What a promise means: the library, sentence by sentence."""
