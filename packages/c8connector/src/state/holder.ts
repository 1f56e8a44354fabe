import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';

/** The holder of a lock, as recorded in its file. */
export interface Holder {
  /** Random, different each time the lock is taken. */
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  /** Distinguishes a process from a later one with the same process id; '' if the system does not provide that. */
  readonly startedAt: string;
  /** Two processes in the same namespace can check whether the other is alive; absent when it is not known. */
  readonly namespace?: string;
  /** Milliseconds in which a live holder renews its lock several times. */
  readonly lease: number;
}

/** This process as the holder of a lock. */
export async function thisProcess(id: string, lease: number): Promise<Holder> {
  const { pid } = process;
  const namespace = await processNamespace();
  const startedAt = namespace === undefined ? '' : ((await readStatus(pid))?.startedAt ?? '');
  return { id, host: hostname(), pid, startedAt, ...(namespace === undefined ? {} : { namespace }), lease };
}

/** The holder in the text of a lock; undefined when we did not write it. */
export function parseHolder(text: string): Holder | undefined {
  try {
    const holder: unknown = JSON.parse(text.split('\n', 1)[0] ?? '');
    const isHolder =
      typeof holder === 'object' && holder !== null && 'id' in holder && 'pid' in holder && 'lease' in holder;
    return isHolder && typeof holder.lease === 'number' ? (holder as Holder) : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the process of a holder in this namespace still exists. A stopped process does. */
export async function isRunning({ pid, startedAt }: Holder): Promise<boolean> {
  const status = await readStatus(pid);
  if (status !== undefined) return !status.isDead && (startedAt === '' || status.startedAt === startedAt);
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs as another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * The boot id and the PID namespace on Linux: containers of one machine have the same boot id and sometimes the same host name. The host name elsewhere; undefined where the process ids of
 * others mean nothing to this process.
 */
export async function processNamespace(): Promise<string | undefined> {
  if (process.platform !== 'linux') return `${process.platform} ${hostname()}`;
  try {
    // When /proc belongs to another namespace, its process ids do too.
    if ((await readlink('/proc/self')) !== String(process.pid)) return undefined;
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
    return `${boot.trim()} ${await readlink('/proc/self/ns/pid')}`;
  } catch {
    return undefined;
  }
}

/** When a process started, in ticks since boot, and whether it is a zombie; undefined if the system does not provide that. */
async function readStatus(pid: number): Promise<{ readonly startedAt: string; readonly isDead: boolean } | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (stat === undefined) return undefined;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { startedAt: fields[19] ?? '', isDead: fields[0] === 'Z' || fields[0] === 'X' };
}
