"""`pullquote doctor`: checks the installation and changes nothing."""
