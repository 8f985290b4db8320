"""What the program survives: crashes, full disks, databases that fail."""
