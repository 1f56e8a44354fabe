"""
Runs a command to its end and prints one JSON line: exit code, wall, user and system seconds, peak memory in MB. Its output goes to /dev/null, or with --first
is read, and the seconds to its first byte are told. Commands with `|` between them run as a pipe: the code is that of the first that failed, and what they cost is added up, peaks too.
"""
import json, os, subprocess, sys, tempfile, time


def pipeline(arguments):
    commands = [[]]
    for argument in arguments:
        commands.append([]) if argument == "|" else commands[-1].append(argument)
    return commands


is_first = sys.argv[1] == "--first"
commands = pipeline(sys.argv[2:] if is_first else sys.argv[1:])
with tempfile.TemporaryFile() as errors:
    started = time.perf_counter()
    processes = []
    for number, command in enumerate(commands, 1):
        is_read = is_first or number < len(commands)
        before = processes[-1].stdout if processes else None
        processes.append(
            subprocess.Popen(
                command,
                stdin=before or subprocess.DEVNULL,
                stdout=subprocess.PIPE if is_read else subprocess.DEVNULL,
                stderr=errors,
                bufsize=0,
            )
        )
        if before:
            before.close()
    first = None
    while is_first and (chunk := os.read(processes[-1].stdout.fileno(), 1 << 20)):
        first = first or time.perf_counter() - started
    ends = [os.wait4(process.pid, 0) for process in processes]
    wall = time.perf_counter() - started
    errors.seek(0)
    text = errors.read().decode()[-2000:]
codes = [os.waitstatus_to_exitcode(status) for _, status, _ in ends]
usages = [usage for _, _, usage in ends]
print(json.dumps({
    "code": next((code for code in codes if code != 0), 0), "first": first, "wall": wall,
    "user": sum(usage.ru_utime for usage in usages), "system": sum(usage.ru_stime for usage in usages),
    "peak": sum(usage.ru_maxrss for usage in usages) / (1e6 if sys.platform == "darwin" else 1024), "errors": text,
}))
