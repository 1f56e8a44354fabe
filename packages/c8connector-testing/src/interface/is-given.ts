/** Whether a config gives a value for a property, or a property has a default: '' and null count as nothing. */
export function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}
