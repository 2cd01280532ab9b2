"""The bench's own arithmetic: what it feeds the product with, and what it makes of the figures."""
