"""An answer to our letter, read in the light of the case it answers (policy.md §8). Pure; `answer.py` is the way in."""
