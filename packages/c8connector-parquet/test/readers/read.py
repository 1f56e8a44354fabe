"""Prints the cells of a Parquet file as JSON, one column a line, as one of two libraries reads them: read.py pyarrow|polars FILE."""
import datetime, decimal, json, struct, sys

decimal.getcontext().prec = 60
EPOCH = datetime.datetime(1970, 1, 1)
MICROSECOND = datetime.timedelta(microseconds=1)


def cell(value):
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, (bytes, bytearray)):
        return value.hex()
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return "nan" if value != value else struct.pack(">d", value).hex()
    if isinstance(value, decimal.Decimal):
        return str(int(value.scaleb(-value.as_tuple().exponent)))
    if isinstance(value, datetime.datetime):
        return str((value.replace(tzinfo=None) - EPOCH) // MICROSECOND)
    if isinstance(value, datetime.date):
        return str((value - EPOCH.date()).days)
    if isinstance(value, datetime.time):
        return str((datetime.datetime.combine(EPOCH.date(), value) - EPOCH) // MICROSECOND)
    return [cell(item) for item in value]


library, path = sys.argv[1:]
if library == "pyarrow":
    import pyarrow.parquet

    table = pyarrow.parquet.read_table(path)
    columns = [column.to_pylist() for column in table.columns]
else:
    import polars

    columns = [column.to_list() for column in polars.read_parquet(path)]
for column in columns:
    print(json.dumps([cell(value) for value in column]))
