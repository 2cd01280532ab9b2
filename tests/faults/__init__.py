"""The fault suite: the product is killed, cut off and lied to, and its promises are checked from outside.

docs/reliability.md has the promises and the table of the cases.
"""
