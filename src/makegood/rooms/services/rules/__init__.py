"""What services decide without a database: how a text is read, what makes an answer good, how words are compared."""
