"""Contact logs in and out: their files, how they come about, and how nobody in them can be found by name."""
