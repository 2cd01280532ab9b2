"""Operators' commands of the registry."""
