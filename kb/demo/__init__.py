"""The demo knowledge base: the support desk of Sabadineh (سبدینه), an online shop that does not exist."""
