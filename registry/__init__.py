"""The queue of registrations and the directories beside it; export to files and to Moodle."""
