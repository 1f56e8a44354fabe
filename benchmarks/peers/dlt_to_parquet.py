"""The peer: dlt reads a PostgreSQL table with its connectorx backend and writes Parquet into a bucket, all by its own defaults."""
import sys
import dlt
from dlt.sources.sql_database import sql_table

uri, table, folder, bucket, endpoint, region, key, secret = sys.argv[1:]
credentials = {"aws_access_key_id": key, "aws_secret_access_key": secret, "endpoint_url": endpoint, "region_name": region}
destination = dlt.destinations.filesystem(bucket_url=f"s3://{bucket}/dlt", credentials=credentials)
pipeline = dlt.pipeline(f"bench_{table}", destination=destination, dataset_name="bench", pipelines_dir=folder)
source = sql_table(uri, table=table, schema="public", backend="connectorx")
pipeline.run(source, loader_file_format="parquet", write_disposition="replace").raise_on_failed_jobs()
