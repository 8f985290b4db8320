"""What the tests share: processes, servers, clocks, scenes and made-up data."""
