"""An index in an OpenSearch cluster, which processes on several machines read."""
