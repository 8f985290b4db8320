"""Discord's limits, and the judge that records each rule broken."""
