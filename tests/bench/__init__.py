"""Tests of the benchmark, with small sizes: that its yardsticks answer alike, and that it fails when they do not."""
