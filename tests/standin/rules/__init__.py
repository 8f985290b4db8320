"""Discord's limits, and the judge that records every broken rule."""
