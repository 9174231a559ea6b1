"""Read moments as operators write them, and show them in the city's time."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import typer

_CITY = ZoneInfo("America/Sao_Paulo")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def moment_of(text: str, now: datetime) -> datetime:
    """Read a moment (2026-11-24T10:00:00-03:00) or how long ago it was: 30m, 2h, 3d."""
    if ago := re.fullmatch(r"(\d+)([smhd])", text):
        return now - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter("not a moment; write 2026-11-24T10:00:00-03:00 or 2h") from None
    if moment.tzinfo is None:
        raise typer.BadParameter("say the time zone too: 2026-11-24T10:00:00-03:00")
    return moment


def city_time(moment: str) -> str:
    """Show an instant that the API wrote: day, month and time in the city."""
    return datetime.fromisoformat(moment).astimezone(_CITY).strftime("%d/%m %H:%M")
