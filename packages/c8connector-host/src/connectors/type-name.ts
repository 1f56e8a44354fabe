import type { C8Connector } from 'c8connector';

/** `a source`, `an integration` */
export function typeName({ type }: C8Connector): string {
  return type === 'integration' ? 'an integration' : `a ${type}`;
}
