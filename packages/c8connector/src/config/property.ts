import type { ConfigProperty } from '../interface/property.ts';
import type { Secret } from './secret.ts';

/** What an author writes for one property. Its key in the declaration is its name; everything except the type, display name and description has a default. */
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

/** Always present: mandatory or with a default, and without a condition. */
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
 * Makes these mistakes compile errors: a misspelt key inside a property, a default that has the wrong type or is not one of the options, and a condition on a property that does not exist.
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

/** The properties of a declaration as the host API defines them, in the declared order. */
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
