"""Tags and filters every template may use without loading them."""

from functools import cache

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from network_portal import formats
from network_portal.icons import SHAPES

register = template.Library()


@cache
def _icon(name, extra):
    classes = f"i {extra}".strip()
    shape = mark_safe(SHAPES[name])  # noqa: S308 our own drawing
    return format_html(
        '<svg class="{}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>',
        classes,
        shape,
    )


@register.simple_tag
def icon(name, extra=""):
    """`{% icon "check" %}`: a drawing beside a text, hidden from readers aloud."""
    return _icon(name, extra)


@register.simple_tag
@cache
def view_fields(look):
    """The choices of size and colours, on every page: drawn once for each choice there is."""
    return render_to_string("components/view_fields.html", {"look": look})


@register.simple_tag(takes_context=True)
def can(context, permission, obj=None):
    """`{% can "events.change_event" event as may_edit %}`: asks the rules."""
    from communities import access

    return access.can(context["request"].user, permission, obj)


@register.simple_tag
def support_phone():
    """The telephone for pages that may not ask the database."""
    return settings.SUPPORT_PHONE


@register.simple_tag
def pages_around(page):
    """Page numbers of a pager: the first, the last, two around the current, None for a gap."""
    current, last = page.number, page.paginator.num_pages
    shown = sorted({1, last, *range(max(1, current - 1), min(last, current + 1) + 1)})
    numbers = []
    for number in shown:
        if numbers and number - numbers[-1] > 1:
            numbers.append(number - 1 if number - numbers[-1] == 2 else None)
        numbers.append(number)
    return numbers


def _date_filter(function):
    def shown(value):
        return function(value) if formats.is_date(value) else ""

    register.filter(function.__name__, shown)


for _function in (
    formats.day,
    formats.day_year,
    formats.day_full,
    formats.day_near,
    formats.day_due,
    formats.days_late,
    formats.day_words,
    formats.moment,
    formats.month_year,
    formats.month_short,
    formats.weekday,
    formats.weekday_short,
):
    _date_filter(_function)


def _number_filter(name, function):
    def shown(value, *args):
        return "" if value is None or value == "" else function(value, *args)

    register.filter(name, shown)


_number_filter("number", formats.number)
_number_filter("size", formats.file_size)
_number_filter("share", formats.share)
_number_filter("percent_of", formats.percent)
_number_filter("school_year", formats.school_year)


@register.filter
def clock(start, end=None):
    """`{{ event.starts_at|clock:event.ends_at }}` → «14:30–16:00»."""
    if not formats.is_date(start):
        return ""
    return formats.hours_between(start, end if formats.is_date(end) else None)


@register.filter
def days_to(start, end):
    """`{{ camp.first|days_to:camp.last }}` → «19–21 ноября»."""
    if not formats.is_date(start):
        return ""
    return formats.days_between(start, end if formats.is_date(end) else start)


@register.filter
def short_name(name):
    """«Соколова А. П.»."""
    return formats.short_name(str(name or ""))


@register.filter
def signature_name(name):
    """«А.П. Соколова»."""
    return formats.signature_name(str(name or ""))


@register.filter
def tied(text):
    """No-break spaces after № and before units."""
    return formats.tied(str(text or ""))
