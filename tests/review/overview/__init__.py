"""The overview: figures, charts, files, report."""
