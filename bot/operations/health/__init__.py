"""Health page, metrics and the service manager."""
