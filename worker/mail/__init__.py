"""IMAP and SMTP: the only place that knows imap-tools, imaplib and smtplib."""
