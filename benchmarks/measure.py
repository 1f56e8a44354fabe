"""
Runs a command to its end and prints one JSON line: exit code, wall, user and system seconds, peak memory in MB. Its output goes to /dev/null, or with --first
is read, and the seconds to its first byte are told.
"""
import json, os, resource, subprocess, sys, tempfile, time

is_first = sys.argv[1] == "--first"
command = sys.argv[2:] if is_first else sys.argv[1:]
with tempfile.TemporaryFile() as errors:
    started = time.perf_counter()
    output = subprocess.PIPE if is_first else subprocess.DEVNULL
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=errors, bufsize=0)
    first = None
    while is_first and (chunk := os.read(process.stdout.fileno(), 1 << 20)):
        first = first or time.perf_counter() - started
    code = process.wait()
    wall = time.perf_counter() - started
    errors.seek(0)
    text = errors.read().decode()[-2000:]
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps({
    "code": code, "first": first, "wall": wall, "user": usage.ru_utime, "system": usage.ru_stime,
    "peak": usage.ru_maxrss / (1e6 if sys.platform == "darwin" else 1024), "errors": text,
}))
