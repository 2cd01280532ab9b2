"""What is asked of each person's request, one rule a file: each says hit or miss, with where it saw what it judged.

A check knows only its Case; checks never import each other. Their order, and what follows, stands in rules.chain.
"""
