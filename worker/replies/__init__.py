"""The replies: from a Verdict to the bytes that go out. Pure; all words live in templates/replies/."""
