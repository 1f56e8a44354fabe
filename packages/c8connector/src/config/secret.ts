/** `inspect.custom`, by its name: a connector's type declarations do not depend on Node's. */
const inspectCustom: unique symbol = Symbol.for('nodejs.util.inspect.custom');

/** A value that must not be shown: it prints as `[secret]` wherever it is printed by accident. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself, for the one call that needs it. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [inspectCustom](): string {
    return '[secret]';
  }
}
