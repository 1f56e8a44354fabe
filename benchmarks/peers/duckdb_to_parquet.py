"""The peer: DuckDB reads a PostgreSQL table with its own scanner and writes one Parquet file."""
import sys
import duckdb, duckdb_extensions

connection, table, path = sys.argv[1:]
database = duckdb.connect(config={"threads": 2})
duckdb_extensions.import_extension("postgres_scanner")
database.execute("LOAD postgres_scanner")
database.execute(f"ATTACH '{connection}' AS server (TYPE postgres, READ_ONLY)")
database.execute(f"COPY server.public.{table} TO '{path}' (FORMAT parquet, COMPRESSION zstd)")
