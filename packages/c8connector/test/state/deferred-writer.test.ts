import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { deferredWriter } from '../../src/state/deferred-writer.ts';

/** Writes that take a moment, and fail where they should. */
function slowWrites() {
  const writes: number[] = [];
  let value = 0;
  let isFailing = false;
  let underWay = 0;
  return {
    writes,
    set: (next: number) => {
      value = next;
    },
    fail: (is: boolean) => {
      isFailing = is;
    },
    async write() {
      const written = value;
      underWay += 1;
      expect(underWay).toBe(1);
      await sleep(5);
      underWay -= 1;
      if (isFailing) throw new Error('no space');
      writes.push(written);
    },
  };
}

describe('the deferred writer', () => {
  test('shares one write among all requests that arrive during another', async () => {
    const disk = slowWrites();
    const writer = deferredWriter(1000, disk.write);
    disk.set(1);
    const first = writer.write();
    disk.set(2);
    const others = [writer.write(), writer.write()];
    disk.set(3);
    others.push(writer.write());
    await Promise.all([first, ...others]);
    expect(disk.writes).toEqual([1, 3]);
  });

  test('writes changes that can wait once per delay', async () => {
    const disk = slowWrites();
    const writer = deferredWriter(50, disk.write);
    for (let value = 1; value <= 100; value++) {
      disk.set(value);
      writer.defer();
    }
    await expect.poll(() => disk.writes).toEqual([100]);
    await writer.close();
    expect(disk.writes).toEqual([100]);
  });

  test('writes a change that can wait at once if the last write was long ago', async () => {
    const disk = slowWrites();
    const writer = deferredWriter(200, disk.write);
    for (const value of [1, 2, 3]) {
      disk.set(value);
      await writer.writeSoon();
    }
    expect(disk.writes).toEqual([1]);
    await expect.poll(() => disk.writes).toEqual([1, 3]);
    await sleep(200);
    disk.set(4);
    await writer.writeSoon();
    expect(disk.writes).toEqual([1, 3, 4]);
  });

  test('flushes what is waiting or being written, and writes nothing else', async () => {
    const disk = slowWrites();
    const writer = deferredWriter(1000, disk.write);
    await writer.flush();
    expect(disk.writes).toEqual([]);
    disk.set(1);
    writer.defer();
    await writer.flush();
    expect(disk.writes).toEqual([1]);
    disk.set(2);
    const underWay = writer.write();
    await writer.flush();
    expect(disk.writes).toEqual([1, 2]);
    await underWay;
    await writer.flush();
    expect(disk.writes).toEqual([1, 2]);
  });

  test('closes once all is written, including what failed at first', async () => {
    const disk = slowWrites();
    const writer = deferredWriter(1, disk.write);
    disk.fail(true);
    disk.set(1);
    writer.defer();
    await sleep(30);
    disk.fail(false);
    await writer.close();
    expect(disk.writes).toEqual([1]);
  });

  test('rejects on close with a failure that was not reported yet, and with no other', async () => {
    const disk = slowWrites();
    disk.fail(true);
    const [silent, known] = [deferredWriter(1, disk.write), deferredWriter(1, disk.write)];
    silent.defer();
    await sleep(30);
    await expect(silent.close()).rejects.toThrow('no space');
    await expect(known.write()).rejects.toThrow('no space');
    await known.close();
  });

  test('a write that fails rejects for all that share it, and the next one writes all of it', async () => {
    const disk = slowWrites();
    const writer = deferredWriter(1000, disk.write);
    disk.fail(true);
    const first = writer.write();
    const others = [writer.write(), writer.write()];
    for (const one of [first, ...others]) await expect(one).rejects.toThrow('no space');
    disk.fail(false);
    disk.set(2);
    await writer.write();
    expect(disk.writes).toEqual([2]);
  });
});
