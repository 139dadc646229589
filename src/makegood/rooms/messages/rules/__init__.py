"""What messages decide without a database: how a wording is read and filled, and how a mail is composed."""
