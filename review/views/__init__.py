"""The staff page's views: thin; they read with `review.*` and act with `registry.services.*`."""
