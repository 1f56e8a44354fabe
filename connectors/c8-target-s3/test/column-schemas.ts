import type { ValueSchema } from 'c8connector';

/** JSON Schemas of nullable columns, as sources write them. */
export const integer = (minimum?: number, maximum?: number) => ({
  type: ['null', 'integer'],
  ...(minimum === undefined ? {} : { minimum }),
  ...(maximum === undefined ? {} : { maximum }),
});
export const number = (c8: string) => ({ type: ['null', 'number'], 'x-c8-type': c8 });
export const string = (more: object = {}) => ({ type: ['null', 'string'], ...more });
export const dateTime = (c8: string) => string({ format: 'date-time', 'x-c8-type': c8 });
export const list = (items: ValueSchema) => ({ type: ['null', 'array'], items });
