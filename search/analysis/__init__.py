"""The one text analyzer: Persian, English and mixed text to terms, with a way back to the original."""
