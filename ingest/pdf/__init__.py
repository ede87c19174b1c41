"""Text of PDF files, right-to-left scripts included: glyphs, lines, reading order."""
