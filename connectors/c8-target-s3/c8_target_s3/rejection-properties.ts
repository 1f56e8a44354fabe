/** The settings for rows that cannot be stored. */
export const rejectionProperties = {
  strict: {
    type: 'boolean',
    displayName: 'Strict',
    description:
      'End the stream at the first row that the format cannot hold. If false, such rows are stored as dead letters below _c8, and the run continues.',
    defaultValue: false,
    group: 'Rejected Rows',
    isDynamic: true,
    isAdvanced: true,
  },
  max_rejected: {
    type: 'integer',
    displayName: 'Maximum Rejected Rows',
    description: 'How many rows of a stream a run may reject. The next one ends the stream.',
    defaultValue: 1000,
    minimum: 0,
    group: 'Rejected Rows',
    when: { property: 'strict', oneOf: [false] },
    isAdvanced: true,
  },
} as const;
