"""Benchmarks that anyone can run: ratios to known tools, measured in one run."""
