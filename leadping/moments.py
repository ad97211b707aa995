"""Moments as sentences name them."""

from datetime import datetime


def say_moment(at: datetime) -> str:
    return f"{at:%-d %b %Y, %H:%M} UTC"
