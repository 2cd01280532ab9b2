"""From a run's JSON to the docs: tables, pictures, and which targets are reached. Pure but for the files it writes."""
