"""What remedies decide without a database: what an outcome gives, what it does to the accounts, voucher codes."""
