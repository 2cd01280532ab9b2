"""The overview: figures as charts, tables, files and a monthly report. Reads; nothing of a person is in it."""
