"""What the owner of a running bot works with: how it is run, watched and saved."""
