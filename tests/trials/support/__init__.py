"""What the trials share: corpora, crowds, damages and figures."""
