"""The whole line against its peers: the same backlog on the same servers, in turn."""
