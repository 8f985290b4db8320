"""The index in real nodes of OpenSearch."""
