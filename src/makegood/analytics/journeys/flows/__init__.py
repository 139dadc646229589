"""What a map shows, worked out from contacts in one pass: steps, moves, variants, hand-overs, rework."""
