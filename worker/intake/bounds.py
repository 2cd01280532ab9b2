"""How much of a mail is read. Beyond a bound the rest is left out and the Message says so; staff see the raw mail.

The numbers are generous for people (a request is a page of text) and small for machines (memory stays under about
20 MB and time under about a second for the worst mail that the mailbox accepts).
"""

HEADER_FIELDS = 1_000  # fields of one header section
HEADER_VALUE = 65_536  # characters of one field
ADDRESSES = 1_000  # mailboxes of one address header
MIME_DEPTH = 24  # multipart in multipart
MIME_PARTS = 400  # entities of one mail
RFC822_DEPTH = 4  # mails attached to mails
TEXT_CHARS = 400_000  # characters of one body or attachment, after decoding
HTML_BYTES = 3_000_000  # an HTML body before it becomes text
READ_CHARS = 30_000  # characters of all parts together that the rules read, quoted mails left out
PARTS = 300  # of a Message
LINES = 8_000  # lines of one body
LINE_CHARS = 20_000  # characters of one line
TABLE_ROWS = 2_000
TABLE_COLUMNS = 60
ATTACHMENT_BYTES = 20_000_000  # larger ones are left to staff
ATTACHMENTS_READ = 20  # text is got from that many
UNPACKED_BYTES = 60_000_000  # what a zip-based office file may unpack to
PDF_PAGES = 30
