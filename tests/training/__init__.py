"""What trains the weights that come with the package; run by hand."""
