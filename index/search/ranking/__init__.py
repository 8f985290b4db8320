"""Query expansion, score fusion and the choice of a sentence."""
