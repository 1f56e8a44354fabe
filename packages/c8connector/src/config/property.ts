import type { ConfigProperty } from '../interface/property.ts';
import type { Secret } from './secret.ts';

/** What an author writes for one property: the name is its key, and everything but the kind and the two texts has a default. */
export interface PropertyDeclaration
  extends Omit<ConfigProperty, 'name' | 'isMandatory' | 'isDynamic' | 'defaultValue' | 'placeholderValue'> {
  readonly isMandatory?: boolean;
  readonly isDynamic?: boolean;
  readonly defaultValue?: string | number | boolean | readonly (string | number)[];
  readonly placeholderValue?: string;
}

/** All properties of a config by their names, in the order of the form. */
export type ConfigDeclaration = Readonly<Record<string, PropertyDeclaration>>;

type ItemOf<D> = D extends { items: { type: 'integer' } }
  ? number
  : D extends { items: { type: 'object' } }
    ? Readonly<Record<string, unknown>>
    : string;

type ValueOf<D> = D extends { type: 'password' } | { isSecret: true }
  ? Secret
  : D extends { type: 'integer' }
    ? number
    : D extends { type: 'boolean' }
      ? boolean
      : D extends { type: 'options'; options: readonly (infer O)[] }
        ? O
        : D extends { type: 'array' }
          ? readonly ItemOf<D>[]
          : D extends { type: 'object' }
            ? Readonly<Record<string, unknown>>
            : string;

/** Present for certain: mandatory or with a default, and under no condition. */
type IsPresent<D> = D extends { when: object }
  ? false
  : D extends { isMandatory: true }
    ? true
    : D extends { defaultValue: '' }
      ? false
      : D extends { defaultValue: string | number | boolean | readonly unknown[] }
        ? true
        : false;

/** The parsed config of a declaration: what `check`, `discover`, `read` and `write` receive. */
export type ConfigOf<P> = {
  readonly [K in keyof P as IsPresent<P[K]> extends true ? K : never]: ValueOf<P[K]>;
} & {
  readonly [K in keyof P as IsPresent<P[K]> extends true ? never : K]?: ValueOf<P[K]> | undefined;
};

type DefaultOf<D> = D extends { type: 'options'; options: readonly (infer O)[] }
  ? O
  : D extends { type: 'integer' }
    ? number
    : D extends { type: 'boolean' }
      ? boolean
      : D extends { type: 'array' }
        ? readonly ItemOf<D>[]
        : string;

type ConditionOf<P, K, W> = W extends { oneOf: infer V }
  ? { readonly property: Exclude<keyof P, K>; readonly oneOf: V }
  : never;

/**
 * Makes compile errors of a misspelt key inside a property, of a default that is none of the options or of another type, and of a condition on a property that
 * does not exist.
 */
export type Exact<P> = {
  readonly [K in keyof P]: {
    readonly [F in keyof P[K]]: F extends 'defaultValue'
      ? DefaultOf<P[K]>
      : F extends 'when'
        ? ConditionOf<P, K, P[K][F]>
        : F extends keyof PropertyDeclaration
          ? P[K][F]
          : never;
  };
};

/** The wire form of a declaration, in its order. */
export function configProperties(declaration: ConfigDeclaration): readonly ConfigProperty[] {
  return Object.entries(declaration).map(([name, property]) => ({
    ...property,
    name,
    isMandatory: property.isMandatory ?? false,
    isDynamic: property.isDynamic ?? false,
    defaultValue: property.defaultValue ?? '',
    placeholderValue: property.placeholderValue ?? '',
  }));
}

/** Whether the value is a {@link Secret}: a `password`, or declared with `isSecret`. */
export function isSecretProperty(property: Pick<ConfigProperty, 'type' | 'isSecret'>): boolean {
  return property.type === 'password' || property.isSecret === true;
}
