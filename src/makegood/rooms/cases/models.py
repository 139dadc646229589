"""The tables of the cases. Facts and breaches only grow; what is personal lies apart from them and can be erased."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models.functions import Now


class Case(models.Model):
    """One need of one resident. Money is pence; `standing`, `due_at` and `waiting` repeat what the promises say."""

    number = models.BigAutoField(primary_key=True)
    reference = models.CharField(max_length=20, unique=True)
    service = models.CharField(max_length=60)
    pledge = models.CharField(max_length=80)
    pledge_version = models.BigIntegerField()
    state = models.CharField(max_length=10, default="open")  # open, closed
    words = models.TextField(blank=True)
    answers = models.JSONField(default=dict)
    details = models.JSONField(default=dict)
    place_words = models.CharField(max_length=300, blank=True)
    address = models.CharField(max_length=40, blank=True)
    ward = models.CharField(max_length=20, blank=True)
    subject = models.CharField(max_length=120, blank=True)
    team = models.CharField(max_length=60)
    owner = models.CharField(max_length=80, blank=True)
    received_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closing = models.CharField(max_length=60, blank=True)
    fixed = models.BooleanField(default=False)
    standing = models.CharField(max_length=12, blank=True)  # the worst status of its standards
    due_at = models.DateTimeField(null=True)  # the next deadline of a promise that runs
    waiting = models.BooleanField(default=False)  # for the resident
    unread = models.BooleanField(default=False)  # the resident wrote, and nobody dealt with it
    version = models.IntegerField(default=1)
    entry = models.BigIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["team", "state", "due_at", "number"], name="cases_case_team_due"),
            models.Index(fields=["owner", "state", "due_at", "number"], name="cases_case_owner_due"),
            models.Index(
                fields=["pledge", "subject"],
                name="cases_case_subject",
                condition=models.Q(("subject", ""), _negated=True),
            ),
            models.Index(fields=["pledge", "received_at"], name="cases_case_pledge"),
            models.Index(fields=["team", "unread"], name="cases_case_unread", condition=models.Q(unread=True)),
            models.Index(
                fields=["team", "due_at", "number"],
                name="cases_case_broken",
                condition=models.Q(state="open", standing="broken"),
            ),
            models.Index(
                fields=["team", "due_at", "number"],
                name="cases_case_waiting",
                condition=models.Q(state="open", waiting=True),
            ),
        ]


class Person(models.Model):
    """Who the case is for and how to reach them. Erasing empties the row."""

    case = models.OneToOneField("cases.Case", models.PROTECT, primary_key=True, related_name="+")
    name = models.CharField(max_length=200, blank=True)
    email = models.CharField(max_length=254, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    post = models.TextField(blank=True)
    language = models.CharField(max_length=10, default="en")
    wants = models.CharField(max_length=10, default="letter")  # email, letter, phone
    erased_at = models.DateTimeField(null=True)


class Fact(models.Model):
    """When something happened (`at`) and when it was logged (`recorded_at`). Never changed: a later row corrects it.

    A row that is `withdrawn` says that the one it corrects never happened.
    """

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by = models.CharField(max_length=80)
    entry = models.BigIntegerField()
    corrects = models.OneToOneField("cases.Fact", models.PROTECT, null=True, related_name="+")
    withdrawn = models.BooleanField(default=False)


class FactNote(models.Model):
    """What somebody wrote beside a fact: a note, the reason of a correction, the evidence of an exemption."""

    fact = models.OneToOneField("cases.Fact", models.PROTECT, primary_key=True, related_name="+")
    words = models.TextField()


class Promise(models.Model):
    """How one standard stands for a case, worked out anew at each fact and whenever `wake_at` comes."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="+", db_index=False)
    standard = models.CharField(max_length=80)
    status = models.CharField(max_length=12)
    started_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    wake_at = models.DateTimeField(null=True)
    pence = models.BigIntegerField(default=0)
    owing = models.CharField(max_length=64, blank=True)  # a digest of what is owed, to tell whether it changed
    judged_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "standard"], name="cases_promise_once")]
        indexes = [
            models.Index(fields=["wake_at"], name="cases_promise_wake", condition=models.Q(wake_at__isnull=False)),
        ]


class Breach(models.Model):
    """That a promise was broken, when, and why it was so: written once, whatever follows."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="+", db_index=False)
    standard = models.CharField(max_length=80)
    due_at = models.DateTimeField()
    breached_at = models.DateTimeField()
    noticed_at = models.DateTimeField()
    explanation = models.JSONField()
    entry = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "standard"], name="cases_breach_once")]


class Pause(models.Model):
    """We wait for the resident: since when, why, what she is to send, and when the waiting ends by itself."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="+")
    opened = models.OneToOneField("cases.Fact", models.PROTECT, related_name="+")
    closed = models.OneToOneField("cases.Fact", models.PROTECT, null=True, related_name="+")
    reason = models.TextField()
    needed = models.TextField()
    began_at = models.DateTimeField()
    lapses_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    why_ended = models.CharField(max_length=10, blank=True)  # answered, ended, lapsed

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], name="cases_pause_one_open", condition=models.Q(ended_at__isnull=True)
            )
        ]
        indexes = [
            models.Index(fields=["lapses_at"], name="cases_pause_lapses", condition=models.Q(ended_at__isnull=True))
        ]


class Exemption(models.Model):
    """An officer's decision that a promise could not be held, with the evidence."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="+")
    fact = models.OneToOneField("cases.Fact", models.PROTECT, related_name="+")
    evidence = models.TextField()
    decided_at = models.DateTimeField()
    by = models.CharField(max_length=80)


class Contact(models.Model):
    """Somebody got in touch: how, why, and whether that settled it (`None`: not known)."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    channel = models.CharField(max_length=20)
    reason = models.CharField(max_length=60)
    resolved = models.BooleanField(null=True)
    words = models.TextField(blank=True)
    by = models.CharField(max_length=80)
    entry = models.BigIntegerField()


class Message(models.Model):
    """What the resident and the staff wrote to each other."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    from_resident = models.BooleanField()
    words = models.TextField()
    by = models.CharField(max_length=80)
    after_closing = models.BooleanField(default=False)
    seen_at = models.DateTimeField(null=True)


class HandOver(models.Model):
    """A case offered to another team; it stays with the sender until the other accepts."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="+")
    from_team = models.CharField(max_length=60)
    to_team = models.CharField(max_length=60)
    context = models.TextField()
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=80)
    answer = models.CharField(max_length=10, blank=True)  # accepted, declined
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=80, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], name="cases_hand_over_one_open", condition=models.Q(answer=""))
        ]
        indexes = [models.Index(fields=["to_team"], name="cases_hand_over_to", condition=models.Q(answer=""))]


class Duplicate(models.Model):
    """Two cases about the same thing, linked and never merged. `original` is the one that was there first."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="+")
    original = models.ForeignKey("cases.Case", models.PROTECT, related_name="+")
    linked_at = models.DateTimeField()
    unlinked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "original"], name="cases_duplicate_once", condition=models.Q(unlinked_at__isnull=True)
            )
        ]


class Link(models.Model):
    """A private link to one case: only the digest of its token is kept. Real time; no end while the case is open."""

    digest = models.BinaryField(unique=True, max_length=32)
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="+")
    made = models.DateTimeField(db_default=Now())
    expires = models.DateTimeField(null=True)
    revoked = models.DateTimeField(null=True)


class Code(models.Model):
    """The code that was last sent for a case: its digest, and how often it was tried. Real time."""

    case = models.OneToOneField("cases.Case", models.PROTECT, primary_key=True, related_name="+")
    salt = models.BinaryField(max_length=16)
    digest = models.BinaryField(max_length=32)
    made = models.DateTimeField(db_default=Now())
    tries = models.SmallIntegerField(default=0)


class Counter(models.Model):
    """How often something was asked in the present window; the key is a digest."""

    key = models.BinaryField(primary_key=True, max_length=32)
    since = models.DateTimeField(db_default=Now())
    count = models.IntegerField(default=1)


class Photo(models.Model):
    """The one photo of a report, made anew from its pixels; the file that was sent is not kept."""

    case = models.OneToOneField("cases.Case", models.PROTECT, primary_key=True, related_name="+")
    jpeg = models.BinaryField()
    width = models.IntegerField()
    height = models.IntegerField()
    added_at = models.DateTimeField()


class Ease(models.Model):
    """How easy the resident found it: 1 very hard to 5 very easy."""

    case = models.OneToOneField("cases.Case", models.PROTECT, primary_key=True, related_name="+")
    score = models.SmallIntegerField()
    words = models.TextField(blank=True)
    rated_at = models.DateTimeField()


class Search(models.Model):
    """The words by which a case is found. Read by one function of the database, which asks who looks."""

    case = models.OneToOneField("cases.Case", models.PROTECT, primary_key=True, related_name="+")
    words = SearchVectorField()

    class Meta:
        indexes = [GinIndex(fields=["words"], name="cases_search_words", fastupdate=False)]


class Tally(models.Model):
    """How many promises came to what: rows to be added up, kept by the database itself as promises change.

    `month` is the first day of that in which the case was received (UTC), `seconds` from start to finish, cut down to
    as fine as spans are shown. A `fresh` row says what one act changed; a round of the worker adds such rows up.
    """

    pledge = models.CharField(max_length=80)
    standard = models.CharField(max_length=80)
    month = models.DateField()
    status = models.CharField(max_length=12)  # kept, broken, excused
    seconds = models.BigIntegerField(null=True)
    count = models.BigIntegerField()
    fresh = models.BooleanField()

    class Meta:
        indexes = [
            models.Index(fields=["pledge", "month", "standard"], name="cases_tally_pledge"),
            models.Index(fields=["id"], name="cases_tally_fresh", condition=models.Q(fresh=True)),
        ]


class Stock(models.Model):
    """How many cases of a service a team has, by the month in which they were received: rows to be added up, as above.

    `open`, `broken` and `waiting` are open now; `received` are all; of these the clock stood still in `paused`.
    """

    service = models.CharField(max_length=60)
    team = models.CharField(max_length=60)
    month = models.DateField()
    open = models.IntegerField()
    broken = models.IntegerField()
    waiting = models.IntegerField()
    received = models.IntegerField()
    paused = models.IntegerField()
    fresh = models.BooleanField()

    class Meta:
        indexes = [models.Index(fields=["id"], name="cases_stock_fresh", condition=models.Q(fresh=True))]
