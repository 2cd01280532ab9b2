"""The people behind the page: who they are, what each may do, and what each has seen and done."""
