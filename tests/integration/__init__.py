"""The whole product on real servers: nothing stands in for anything."""
