/** JSON Schemas that the outputs of several actions have in common. */
export const textSchema = { type: 'string' } as const;
export const optionalText = { type: ['string', 'null'] } as const;
export const flagSchema = { type: 'boolean' } as const;

export const userSchema = {
  type: 'object',
  properties: {
    id: textSchema,
    name: optionalText,
    real_name: optionalText,
    display_name: optionalText,
    email: optionalText,
    time_zone: optionalText,
    is_bot: flagSchema,
    is_deleted: flagSchema,
  },
  required: ['id', 'name', 'real_name', 'display_name', 'email', 'time_zone', 'is_bot', 'is_deleted'],
} as const;

export const channelSchema = {
  type: 'object',
  properties: {
    id: textSchema,
    name: optionalText,
    topic: optionalText,
    purpose: optionalText,
    is_private: flagSchema,
    is_archived: flagSchema,
    is_member: flagSchema,
    members: { type: ['integer', 'null'] },
  },
  required: ['id', 'name', 'topic', 'purpose', 'is_private', 'is_archived', 'is_member', 'members'],
} as const;

/** A message as Slack gives it: what it holds beside these fields differs with its kind. */
export const messageSchema = {
  type: 'object',
  properties: {
    ts: textSchema,
    type: textSchema,
    text: textSchema,
    user: textSchema,
    thread_ts: textSchema,
    reply_count: { type: 'integer' },
  },
  required: ['ts'],
} as const;

/** A message that was posted or changed. */
export const placeSchema = {
  type: 'object',
  properties: { channel: textSchema, ts: textSchema },
  required: ['channel', 'ts'],
} as const;
