"""Entitlements, the ledger, vouchers and shops. The ledger only grows, and each transfer in it comes to nothing."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Standing(models.Model):
    """How far a case was reconciled: one row for each case that a promise was broken in; acts on it wait in line here.

    `wake_at` is when something is to be done next without anybody acting: a remedy falls due, an offer lapses.
    """

    case = models.OneToOneField("cases.Case", models.PROTECT, primary_key=True, related_name="+")
    reference = models.CharField(max_length=40)
    judged_at = models.DateTimeField(null=True)
    wake_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["wake_at"], name="remedies_standing_wake", condition=Q(wake_at__isnull=False)),
            models.Index(fields=["reference"], name="remedies_standing_reference"),
        ]


class Entitlement(models.Model):
    """One remedy that one rule of a standard gives in one case, whatever became of it.

    `target` are the pence that are due now, `entitled` what the pledge gives, `added` what staff added. `pays` is how
    pence are given: voucher or money; `overpaid` were given and are not due. `team` has to act when a person must.
    """

    standing = models.ForeignKey(Standing, models.PROTECT, related_name="+")
    pledge = models.CharField(max_length=80)
    service = models.CharField(max_length=80)
    standard = models.CharField(max_length=80)
    rule = models.CharField(max_length=40)
    kind = models.CharField(max_length=20)
    words = models.CharField(max_length=500, blank=True)
    payer = models.CharField(max_length=200, blank=True)
    by_whom = models.CharField(max_length=200, blank=True)
    route = models.CharField(max_length=30)
    settles = models.CharField(max_length=200, blank=True)
    choices = models.JSONField(default=list)
    chosen = models.SmallIntegerField(null=True)
    choose_until = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    offered_until = models.DateTimeField(null=True)
    state = models.CharField(max_length=10)
    pays = models.CharField(max_length=10, blank=True)
    entitled = models.IntegerField(default=0)
    added = models.IntegerField(default=0)
    most = models.IntegerField(null=True)
    target = models.IntegerField(default=0)
    overpaid = models.IntegerField(default=0)
    grows = models.BooleanField(default=False)
    team = models.CharField(max_length=80, blank=True)
    owed_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    late_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["standing", "standard", "rule"], name="remedies_owed_once"),
            models.CheckConstraint(condition=Q(target__gte=0, entitled__gte=0, added__gte=0), name="remedies_no_debt"),
            models.CheckConstraint(condition=Q(most=None) | Q(added__lte=models.F("most")), name="remedies_most"),
        ]
        indexes = [
            models.Index(fields=["pledge"], name="remedies_entitlement_pledge"),
            models.Index(
                fields=["team", "due_at", "id"],
                name="remedies_entitlement_tasks",
                condition=Q(state__in=["owed", "accepted"]) & ~Q(team=""),
            ),
            models.Index(
                fields=["due_at", "id"],
                name="remedies_entitlement_to_pay",
                condition=Q(pays="money", state__in=["owed", "accepted"]),
            ),
            models.Index(fields=["id"], name="remedies_entitlement_overpaid", condition=Q(overpaid__gt=0)),
        ]


class TaskWords(models.Model):
    """What a person told the resident when a task was finished: personal, so it lies apart."""

    entitlement = models.OneToOneField(Entitlement, models.PROTECT, primary_key=True, related_name="+")
    words = models.TextField()
    at = models.DateTimeField()


class Posting(models.Model):
    """One leg of a transfer between two accounts, in pence; the legs of a transfer add up to nothing."""

    id = models.BigAutoField(primary_key=True)
    transfer = models.BigIntegerField()
    account = models.CharField(max_length=10)
    entitlement = models.ForeignKey(Entitlement, models.PROTECT, related_name="+")
    pence = models.IntegerField()
    entry = models.BigIntegerField()
    at = models.DateTimeField()
    why = models.CharField(max_length=20)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(pence=0), name="remedies_posting_says_something"),
            models.CheckConstraint(
                name="remedies_posting_account",
                condition=Q(account__in=["cost", "owed", "vouchers", "finance", "paid", "left"]),
            ),
        ]
        indexes = [models.Index(fields=["transfer"], name="remedies_posting_transfer")]


class Balance(models.Model):
    """What the postings come to by pledge, service and account: rows to be added up, kept by the database itself.

    A `fresh` row says what one act posted; a round of the worker adds such rows up.
    """

    pledge = models.CharField(max_length=80)
    service = models.CharField(max_length=80)
    account = models.CharField(max_length=10)
    pence = models.BigIntegerField()
    fresh = models.BooleanField()

    class Meta:
        indexes = [models.Index(fields=["id"], name="remedies_balance_fresh", condition=Q(fresh=True))]


class Shop(models.Model):
    """Where vouchers are taken. Its key is kept as a digest only."""

    code = models.CharField(primary_key=True, max_length=40)
    name = models.CharField(max_length=120)
    key_digest = models.BinaryField(unique=True)
    active = models.BooleanField(default=True)


class Voucher(models.Model):
    """A voucher: what it is worth, until when, and whether it was taken. `case` stands here for the wall."""

    case = models.ForeignKey(Standing, models.PROTECT, related_name="+")
    entitlement = models.ForeignKey(Entitlement, models.PROTECT, related_name="+")
    code = models.CharField(max_length=16, unique=True)
    pence = models.IntegerField()
    state = models.CharField(max_length=10)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    handed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    shop = models.ForeignKey(Shop, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pence__gt=0), name="remedies_voucher_worth"),
            models.CheckConstraint(
                condition=Q(state__in=["live", "redeemed", "cancelled", "replaced"]), name="remedies_voucher_state"
            ),
        ]


class PaymentBatch(models.Model):
    """Money that was sent to finance together, once: its lines never change, but for what became of each."""

    id = models.BigAutoField(primary_key=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)


class PaymentLine(models.Model):
    """One remedy in a batch. Whom it is paid to is not kept here: the case knows, until the person is erased."""

    id = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(PaymentBatch, models.PROTECT, related_name="+")
    entitlement = models.ForeignKey(Entitlement, models.PROTECT, related_name="+")
    pence = models.IntegerField()
    state = models.CharField(max_length=10, default="sent")
    ended_at = models.DateTimeField(null=True)
    mark = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entitlement"], condition=Q(state="sent"), name="remedies_line_sent_once"),
            models.CheckConstraint(condition=Q(pence__gt=0), name="remedies_line_worth"),
            models.CheckConstraint(condition=Q(state__in=["sent", "paid", "returned"]), name="remedies_line_state"),
        ]


class Guess(models.Model):
    """One wrong code at a shop, so that codes cannot be tried out."""

    id = models.BigAutoField(primary_key=True)
    shop = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["shop", "at"], name="remedies_guess_shop")]
