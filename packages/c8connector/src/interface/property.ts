/** The twelve kinds of the original (ConfigAttributeType). A `file` is its content, never a path; `date_iso8601` and `oauth` are strings. */
export const configPropertyTypes = [
  'string',
  'integer',
  'boolean',
  'date_iso8601',
  'email',
  'password',
  'oauth',
  'options',
  'file',
  'array',
  'object',
  'hidden',
] as const;

/** The twelve kinds of property, by the names of the host API. */
export type ConfigPropertyType = (typeof configPropertyTypes)[number];

/** One setting of a connector, as plain data: what a host draws its form from. The first eight names are those of the host API. */
export interface ConfigProperty {
  readonly name: string;
  readonly type: ConfigPropertyType;
  readonly displayName: string;
  readonly isMandatory: boolean;
  /** Whether a host may change it between two runs without asking for a new connection. */
  readonly isDynamic: boolean;
  readonly description: string;
  /** '' when there is none. */
  readonly defaultValue: unknown;
  readonly placeholderValue: string;
  /** The choices of an `options` property. */
  readonly options?: readonly string[];
  /** Heading of the form under which the property stands. */
  readonly group?: string;
  /** Hidden behind "advanced" by a form. */
  readonly isAdvanced?: boolean;
  /** A `password` always is. */
  readonly isSecret?: boolean;
  /** The property counts only while another one has one of these values. */
  readonly when?: { readonly property: string; readonly oneOf: readonly (string | number | boolean)[] };
  /** Inclusive bounds of an `integer`. */
  readonly minimum?: number;
  readonly maximum?: number;
  /** ECMAScript regular expression that the whole text must match. */
  readonly pattern?: string;
  /** What an `array` holds; strings when left out. */
  readonly items?: { readonly type: 'string' | 'integer' | 'object' };
}
