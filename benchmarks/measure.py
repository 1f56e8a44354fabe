"""Runs a command to its end and prints one JSON line: exit code, seconds to the first byte of stdout, wall, user and system seconds, peak memory in MB."""
import json, os, resource, subprocess, sys, time

started = time.perf_counter()
process = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0)
first = None
size = 0
while chunk := os.read(process.stdout.fileno(), 1 << 20):
    first = first or time.perf_counter() - started
    size += len(chunk)
errors = process.stderr.read().decode()
code = process.wait()
wall = time.perf_counter() - started
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps({
    "code": code, "first": first, "wall": wall, "user": usage.ru_utime, "system": usage.ru_stime,
    "peak": usage.ru_maxrss / (1e6 if sys.platform == "darwin" else 1024), "bytes": size, "errors": errors[-2000:],
}))
