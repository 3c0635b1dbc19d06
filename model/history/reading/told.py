"""What is said of rows by their number and amount, of a file and of a warehouse's table alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType


def credited(rows: int, amount: float) -> str:
    """Return what is said of credits among invoice lines."""
    return f"credits set aside, not taken off what was billed: {rows:,}, {amount:,.2f} together."


def discounted(rows: int, yearly: float) -> str:
    """Return what is said of recurring lines below zero of customers who pay."""
    return (f"recurring discounts and credits: {rows:,}, {yearly:,.2f} a year, taken off what their customers pay in the months that both run; "
            "where they are more than that, the customer counts as paying nothing.")  # fmt: skip


def uncovered(rows: int, yearly: float) -> str:
    """Return what is said of recurring lines below zero of customers who pay nothing."""
    return f"recurring discounts and credits of customers without any line above zero, set aside: {rows:,}, {yearly:,.2f} a year together."


def after_trial(rows: int, yearly: float) -> str:
    """Return what is said of subscriptions that began as trials."""
    return f"begun as trials: {rows:,}, {yearly:,.2f} a year, customers from the day their trial ended."


def within_trial(rows: int, yearly: float) -> str:
    """Return what is said of trials that nobody paid for."""
    return f"ended before their trial did, or on trial when the last subscription began: {rows:,}, {yearly:,.2f} a year, not customers."


UNCOVERED = "is below zero, and no line of the customer is above"


def late(rows: int, yearly: float) -> str:
    """Return what is said of subscriptions whose payment is late."""
    return f"past due: {rows:,}, {yearly:,.2f} a year, counted as running, as Stripe counts them: a payment is late."


def halted(rows: int, yearly: float) -> str:
    """Return what is said of subscriptions that nobody pays for at present."""
    return (f"unpaid or paused: {rows:,}, {yearly:,.2f} a year, counted as running, since no column says since when they are not paid; "
            "where they are lost, as Stripe counts unpaid ones, give them an end or leave them out.")  # fmt: skip


STATES: Mapping[str, Callable[[int, float], str]] = MappingProxyType({"late": late, "halted": halted})
"""What is said of subscriptions in a state, by its group of words."""
NOT_NEW = "is a renewal or of an existing customer, not new business"
