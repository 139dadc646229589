"""Cases: one need of one resident, from the report to the end.

Owns the case, its facts with when they happened and when they were logged, the promises that run for it as they stand,
the record of every breach, contacts, messages both ways, hand-overs, photos, private links and codes. Does not own what
a promise means (`makegood.rules`), what is owed and paid (`remedies`), or how a message reaches anybody (`messages`).
"""
