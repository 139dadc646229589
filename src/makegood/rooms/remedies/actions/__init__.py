"""The remedies' door for acting: owing what a promise gives, exactly once, and giving it."""

from .answering import accept_remedy, add_at_discretion, choose_remedy, decline_remedy
from .giving import erase_told, finish_task, leave_overpaid, settle_remedy
from .paying import mark_batch_paid, return_payment, send_to_finance
from .reconciling import reconcile_cases, wake_due
from .shops import add_shop, close_shop
from .vouchers import give_voucher, redeem_voucher, replace_voucher

__all__ = [
    "accept_remedy",
    "add_at_discretion",
    "add_shop",
    "choose_remedy",
    "close_shop",
    "decline_remedy",
    "erase_told",
    "finish_task",
    "give_voucher",
    "leave_overpaid",
    "mark_batch_paid",
    "reconcile_cases",
    "redeem_voucher",
    "replace_voucher",
    "return_payment",
    "send_to_finance",
    "settle_remedy",
    "wake_due",
]
