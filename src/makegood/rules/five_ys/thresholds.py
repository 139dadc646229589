"""The table behind the stars, as data: what each star stands for. Change it here, and nowhere else."""

from __future__ import annotations

from ..language import model as m

MOST_STARS = 5

# Transparency. A promise that is published nowhere and told to nobody has one star; told only, two.
PUBLISHED = 2
READABLE = ((2, 2), (6, 1))
"""Further stars for a published promise of at most so many rules: it fits on a sign; it fits on a page."""
TOLD = 1
WITHOUT_SOURCE_AT_MOST = 4

# Simplicity: stars for at most so many rules (what counts as a rule: `rules_of`). More than the last: one star.
SIMPLICITY = ((2, 5), (4, 4), (6, 3), (10, 2))

# Speed: stars for a remedy that comes within so many hours. Later than the last: one star.
SPEED = ((1, 5), (72, 4), (14 * 24, 3), (35 * 24, 2))
CLAIM_SLOWS = 1
"""Stars that a remedy loses when its clock waits for the customer's claim."""
HOURS = {
    m.Unit.SECOND: 1 / 3600,
    m.Unit.MINUTE: 1 / 60,
    m.Unit.HOUR: 1,
    m.Unit.SERVICE_MINUTE: 1 / 15,
    m.Unit.SERVICE_HOUR: 4,
    m.Unit.CALENDAR_DAY: 24,
    m.Unit.WORKING_DAY: 24 * 7 / 5,
    m.Unit.SCHOOL_DAY: 24 * 365 / 190,
    m.Unit.WEEK: 7 * 24,
    m.Unit.MONTH: 365 / 12 * 24,
    m.Unit.YEAR: 365 * 24,
}
"""Hours that pass, on the average, in each unit: a working week has five days, a school year 190."""

# Ease: from five stars, what the customer's trouble takes away.
MUST_REPORT = 1
MUST_CLAIM = 2
MUST_HURRY = 1
HURRY_HOURS = 28 * 24
"""A claim that must be made within so many hours hurries the customer."""
MUST_PROVE = 1
EXCUSED_WITHOUT_PROOF = 1

# Flexibility: one star for a single remedy, and further ones.
KINDS = ((4, 2), (2, 1))
"""Further stars for at least so many kinds of remedy for one failure."""
CHOICE = 1
DISCRETION = 1

PROPER = frozenset(
    {
        m.Remedying.MONEY,
        m.Remedying.VOUCHER,
        m.Remedying.IN_KIND,
        m.Remedying.CORRECTION,
        m.Remedying.SUPPORT,
        m.Remedying.DEEMED,
        m.Remedying.CHOICE,
    }
)
"""The remedies whose coming is rated; apology, explanation and enquiry only where there is none of these."""
