"""Synthetic schools and learners for the demo and the benchmarks: seeded, reproducible, of nobody real."""
