"""Real servers for tests: loopback only, each in its own temporary folder on a free port, stopped by its process id."""
