"""Reads pairs of a type and a JSON value, a line each, as slowly and plainly as Python can, and prints what the column holds; `refused` for what it cannot hold."""

import base64
import binascii
import datetime
import json
import re
import struct
import sys
from decimal import Decimal, localcontext

NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,4})?")
MOMENT = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?( ?[Zz]| ?[+-]\d\d(?::?\d\d)?)?)?"
)
MIDNIGHT = re.compile(r"(\d{4}-\d\d-\d\d)(?:[Tt ]00:00(?::00(?:\.0+)?)?(?: ?[Zz]| ?[+-]00(?::?00)?)?)?")
EPOCH = datetime.datetime(1970, 1, 1)


class Refused(Exception):
    pass


def number(value):
    if isinstance(value, bool) or value is None or isinstance(value, (list, dict)):
        raise Refused
    text = value if isinstance(value, str) else value.text
    if not NUMBER.fullmatch(text):
        raise Refused
    return Decimal(text)


def whole(value, lowest, highest):
    exact = number(value)
    if exact != exact.to_integral_value() or not lowest <= exact <= highest:
        raise Refused
    return str(int(exact))


def decimal(value, precision, scale):
    scaled = number(value).scaleb(scale)
    if scaled != scaled.to_integral_value() or abs(scaled) >= Decimal(10) ** precision:
        raise Refused
    return str(int(scaled))


def double(value):
    exact = number(value)
    nearest = float(exact)
    if nearest in (float("inf"), float("-inf")):
        raise Refused
    digits = exact.normalize()
    # Half a unit of the last digit that is written, at most.
    if exact and abs(Decimal(nearest) - exact) * 2 > Decimal(1).scaleb(digits.as_tuple().exponent):
        raise Refused
    if not exact:
        nearest = -0.0 if exact.is_signed() else 0.0
    return struct.pack(">d", nearest).hex()


def date(value):
    match = MIDNIGHT.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise Refused
    return str((datetime.date.fromisoformat(match[1]) - datetime.date(1970, 1, 1)).days)


def moment(value):
    match = MOMENT.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise Refused
    year, month, day, hour, minute, second, fraction, zone = match.groups()
    fraction = (fraction or "").ljust(6, "0")
    if fraction[6:].strip("0"):
        raise Refused
    local = datetime.datetime(
        int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0), int(fraction[:6])
    )
    zone = (zone or "").strip().replace(":", "")
    if zone and zone not in "Zz":
        hours, minutes = int(zone[1:3]), int(zone[3:5] or 0)
        if hours > 23 or minutes > 59:
            raise Refused
        offset = datetime.timedelta(hours=hours, minutes=minutes)
        local = local - offset if zone[0] == "+" else local + offset
    return str((local - EPOCH) // datetime.timedelta(microseconds=1))


def text(value, raw):
    return (value if isinstance(value, str) else raw).encode("utf-8").hex()


def binary(value):
    if not isinstance(value, str) or not re.fullmatch(r"[A-Za-z0-9+/]*={0,2}", value):
        raise Refused
    bare = value.rstrip("=")
    if len(bare) % 4 == 1 or (value != bare and len(value) % 4 != 0):
        raise Refused
    return base64.b64decode(bare + "=" * (-len(bare) % 4)).hex()


def flag(value):
    if value is True or value == "true":
        return "1"
    if value is False or value == "false":
        return "0"
    raise Refused


class Digits:
    def __init__(self, written):
        self.text = written


def store(kind, value, raw):
    if value is None:
        return "null"
    if kind == "list":
        if not isinstance(value, list):
            raise Refused
        return "[" + ",".join(store("integer", item, "") for item in value) + "]"
    return {
        "integer": lambda: whole(value, -(2**63), 2**63 - 1),
        "int32": lambda: whole(value, -(2**31), 2**31 - 1),
        "int16": lambda: whole(value, -(2**15), 2**15 - 1),
        "price": lambda: decimal(value, 10, 2),
        "short": lambda: decimal(value, 18, 6),
        "long": lambda: decimal(value, 38, 10),
        "double": lambda: double(value),
        "date": lambda: date(value),
        "moment": lambda: moment(value),
        "text": lambda: text(value, raw),
        "binary": lambda: binary(value),
        "boolean": lambda: flag(value),
    }[kind]()


with localcontext() as context:
    context.prec = 6000
    for line in sys.stdin:
        kind, raw = line.rstrip("\n").split("\t", 1)
        try:
            print(store(kind, json.loads(raw, parse_float=Digits, parse_int=Digits), raw))
        except (Refused, ValueError, OverflowError, binascii.Error, UnicodeEncodeError):
            print("refused")
