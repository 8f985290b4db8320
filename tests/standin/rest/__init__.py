"""The REST API: the transport, failures made on purpose, and a handler for each route."""
