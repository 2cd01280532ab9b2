"""The web service's client and runs, against the Moodle of tests.servers.moodle."""
