"""What an owner sees of a running bot: figures, health, log lines, the service manager."""
