"""What the benchmarks share: collections, engines, child processes, plots."""
