import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';

/** Who holds a lock, as its file says it. */
export interface Holder {
  /** Random, of this one time that the lock is held. */
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  /** Tells a process from a later one that got the same number; '' where the system does not say it. */
  readonly startedAt: string;
  /** Two processes with the same one can ask the system about each other; absent when that is not known. */
  readonly namespace?: string;
  /** Milliseconds: a holder that renews its lock does so several times in it. */
  readonly lease: number;
}

/** This process as the holder of a lock. */
export async function thisProcess(id: string, lease: number): Promise<Holder> {
  const { pid } = process;
  const namespace = await processNamespace();
  const startedAt = namespace === undefined ? '' : ((await readStatus(pid))?.startedAt ?? '');
  return { id, host: hostname(), pid, startedAt, ...(namespace === undefined ? {} : { namespace }), lease };
}

/** The holder that the text of a lock names; undefined when it is none of ours. */
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

/** Whether the process of a holder in this namespace still runs. One that is stopped does. */
export async function isRunning({ pid, startedAt }: Holder): Promise<boolean> {
  const status = await readStatus(pid);
  if (status !== undefined) return !status.isDead && (startedAt === '' || status.startedAt === startedAt);
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * The boot and the PID namespace on Linux: containers of one machine have the same boot and sometimes the same host name. The host elsewhere; undefined where numbers of
 * processes mean nothing to this one.
 */
export async function processNamespace(): Promise<string | undefined> {
  if (process.platform !== 'linux') return `${process.platform} ${hostname()}`;
  try {
    // Where /proc is of another namespace, its numbers are of other processes.
    if ((await readlink('/proc/self')) !== String(process.pid)) return undefined;
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
    return `${boot.trim()} ${await readlink('/proc/self/ns/pid')}`;
  } catch {
    return undefined;
  }
}

/** When a process started, in ticks since boot, and whether nothing is left of it but its number; undefined where the system does not say it. */
async function readStatus(pid: number): Promise<{ readonly startedAt: string; readonly isDead: boolean } | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (stat === undefined) return undefined;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { startedAt: fields[19] ?? '', isDead: fields[0] === 'Z' || fields[0] === 'X' };
}
