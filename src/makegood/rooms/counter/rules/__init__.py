"""What the counter decides by itself: the steps of a report, and how a case is told. Values in, values out."""
