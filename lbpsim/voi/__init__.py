"""What information is worth, perfect, partial or from a proposed study, and what perfect implementation is worth."""
