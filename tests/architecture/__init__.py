"""The house checks itself: walls, sizes, clocks, and what ships."""
