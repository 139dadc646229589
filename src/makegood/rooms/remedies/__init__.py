"""What a broken promise owes, exactly once, and how it reaches the person.

Owns entitlements, the double-entry ledger, vouchers and the shops that take them, and the tasks that a remedy asks of a
team. Does not own what is owed (the pledge says that) nor whether a promise was broken (cases judge that).
"""
