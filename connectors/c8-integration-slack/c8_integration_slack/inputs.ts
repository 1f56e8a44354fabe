// Properties that the inputs of several actions have in common.

/** For `channelOf` and `channelIdOf`. */
export const channelInput = {
  type: 'string',
  displayName: 'Channel',
  description:
    'Id of the channel, such as C0123456789, or of a user, for the direct message with that user. The default is the channel of the config.',
  placeholderValue: 'C0123456789',
} as const;

/** Names a message together with its channel. */
export const timestampInput = {
  type: 'string',
  displayName: 'Timestamp',
  description: 'The ts of the message, as postMessage returned it.',
  isMandatory: true,
  pattern: '\\d{1,12}\\.\\d{1,6}',
  placeholderValue: '1700000000.000100',
} as const;

/** For replies. */
export const threadInput = {
  type: 'string',
  displayName: 'Thread',
  description: 'The ts of the first message of a thread, to reply there.',
  pattern: '\\d{1,12}\\.\\d{1,6}',
  placeholderValue: '1700000000.000100',
} as const;

/** For `messageParts`. */
export const blocksInput = {
  type: 'array',
  items: { type: 'object' },
  displayName: 'Blocks',
  description: 'Blocks of Block Kit. Those that are too long for Slack are split.',
} as const;

/** Passed to Slack unchanged. */
export const metadataInput = {
  type: 'object',
  displayName: 'Metadata',
  description: 'Data for apps, invisible to people: { event_type, event_payload }.',
} as const;
