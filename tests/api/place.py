"""Where a test's installation keeps its rows: SQLite, or where TEST_DATABASE names a
PostgreSQL database, a schema of its own there."""
import os
import secrets
import subprocess


def sql(text, schema=None):
    set_path = f"SET search_path = {schema}; " if schema else ""
    p = subprocess.run(["psql", "-qtAX", "-v", "ON_ERROR_STOP=1", "-d", os.environ["TEST_DATABASE"],
                        "-c", "SET client_min_messages = error; " + set_path + text],
                       capture_output=True, text=True, timeout=60, check=True)
    return p.stdout


def options():
    """What `anlan init` needs for it: [] for SQLite."""
    url = os.environ.get("TEST_DATABASE")
    if not url:
        return []
    schema = "t" + secrets.token_hex(6)
    sql(f"CREATE SCHEMA {schema}")
    return ["--database", f"{url}{'&' if '?' in url else '?'}options=-csearch_path%3D{schema}"]
