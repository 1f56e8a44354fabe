import { isDeepStrictEqual } from 'node:util';
import type { RunIdentity, State } from 'c8connector';
import { appendManifest } from './append-manifest.ts';
import { openChain, type Room, takenOver } from './chain.ts';
import { undoDeadline } from './cut-later.ts';
import type { Undeleted } from './delete-objects.ts';
import { type Activation, chainFolder, type Manifest, type ManifestObject, type RejectedObject } from './manifest.ts';
import { readObjectName, readRejectedName } from './object-name.ts';
import { deleteOlder } from './older-versions.ts';

/** What the next manifest needs to know about the end of its chain. */
interface End {
  /** The number of the next manifest. */
  readonly next: number;
  /** The last state of this generation. */
  readonly state: State | undefined;
  readonly named: Manifest['named'];
}

/** The commits of one `write`: what it stored since the last commit, and the end of the chain to which the next manifest is added. */
export class Commits {
  readonly #room: Room;
  readonly #run: RunIdentity;
  /** Stored but not committed. */
  #objects: readonly ManifestObject[] = [];
  #rejected: readonly RejectedObject[] = [];
  #activates: readonly Activation[] = [];
  /** Undefined before the first commit. */
  #end: End | undefined;
  #sequence = 0;
  /** Whether a manifest was sent that may or may not have been stored. */
  #isUncertain = false;

  constructor(room: Room, run: RunIdentity) {
    this.#room = room;
    this.#run = run;
  }

  /** Adds stored objects and activations to the next commit. */
  add({ objects, rejected, activates }: Pick<Manifest, 'objects' | 'rejected' | 'activates'>): void {
    this.#objects = [...this.#objects, ...objects];
    this.#rejected = [...this.#rejected, ...rejected];
    this.#activates = [...this.#activates, ...activates];
  }

  /**
   * Commits the state and all that was added with one conditional write. Does nothing if there is no object, no version and no new state. Throws a ConnectorError `claim_lost` if another run has
   * taken over.
   */
  async commit(state: State | undefined): Promise<void> {
    const end = this.#end ?? (await this.#openEnd());
    const isKnown = state === undefined || isDeepStrictEqual(state, end.state);
    if (isKnown && this.#stored().length === 0 && this.#activates.length === 0) return;
    this.#sequence += 1;
    const manifest = this.#manifestOf(state ?? end.state, end);
    this.#isUncertain = true;
    const appended = await appendManifest(this.#room, this.#run.connection, end.next, manifest);
    this.#isUncertain = false;
    if ('other' in appended) throw takenOver(this.#run, appended.other);
    const { state: committed, named } = appended.added;
    const activates = this.#activates;
    this.#end = { next: end.next + 1, state: committed, named };
    this.#objects = [];
    this.#rejected = [];
    this.#activates = [];
    for (const activation of activates) await deleteOlder(this.#room, this.#run.connection, activation);
  }

  /** Deletes what was stored but not committed, and resolves with what could not be deleted. Keeps what may have been committed. Never rejects. */
  async undo(): Promise<readonly Undeleted[]> {
    const { store, folder, signal } = this.#room;
    const keys = this.#stored().map((key) => `${folder}${key}`);
    if (this.#isUncertain || keys.length === 0) return [];
    this.#objects = [];
    this.#rejected = [];
    using deadline = undoDeadline(signal);
    return await store.delete(keys, deadline.signal).catch((error) => keys.map((key) => ({ key, error })));
  }

  /** The keys of what is stored but not committed. */
  #stored(): readonly string[] {
    return [...this.#objects, ...this.#rejected].map(({ key }) => key);
  }

  async #openEnd(): Promise<End> {
    const { numbers, last } = await openChain(this.#room, chainFolder(this.#run));
    if (last !== undefined && isOfOther(last, this.#run)) throw takenOver(this.#run, last);
    this.#end = {
      next: (numbers.at(-1) ?? 0) + 1,
      state: last?.generation === this.#run.generation ? last.state : undefined,
      named: last?.named ?? [],
    };
    return this.#end;
  }

  #manifestOf(state: State | undefined, end: End): Manifest {
    const { id: run, unit, epoch, generation } = this.#run;
    const names = this.#stored().flatMap((key) => readObjectName(key) ?? readRejectedName(key) ?? []);
    const sequence = names.reduce((highest, name) => Math.max(highest, name.sequence), 0);
    const others = end.named.filter(([other]) => other !== epoch);
    return {
      format: 1,
      ...{ run, unit, epoch, sequence: this.#sequence, generation },
      committedAt: new Date().toISOString(),
      activates: this.#activates,
      ...(state === undefined ? {} : { state }),
      objects: this.#objects,
      rejected: this.#rejected,
      named: sequence === 0 ? end.named : [...others, [epoch, sequence]],
    };
  }
}

/** Whether a manifest belongs to another claim, so that no manifest of this one may follow it. */
export function isOfOther(last: Manifest, run: RunIdentity): boolean {
  return last.epoch > run.epoch || (last.epoch === run.epoch && (last.run !== run.id || last.sequence > 0));
}
