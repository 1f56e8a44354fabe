import { objectOf, type SlackAnswer, textOrNull } from './answer.ts';

/** JSON Schemas that the outputs of several actions have in common. */
export const textSchema = { type: 'string' } as const;
export const optionalText = { type: ['string', 'null'] } as const;
export const flagSchema = { type: 'boolean' } as const;

/** The output of `shownUser`. */
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

/** A user of Slack in the form of `userSchema`. Slack returns emails only with the scope users:read.email. */
export function shownUser(user: SlackAnswer) {
  const profile = objectOf(user.profile);
  return {
    id: textOrNull(user.id),
    name: textOrNull(user.name),
    real_name: textOrNull(user.real_name) ?? textOrNull(profile.real_name),
    display_name: textOrNull(profile.display_name),
    email: textOrNull(profile.email),
    time_zone: textOrNull(user.tz),
    is_bot: user.is_bot === true,
    is_deleted: user.deleted === true,
  };
}

/** The output of `shownChannel`. */
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

/** A channel of Slack as `channelSchema` has it. */
export function shownChannel(channel: SlackAnswer) {
  return {
    id: textOrNull(channel.id),
    name: textOrNull(channel.name),
    topic: textOrNull(objectOf(channel.topic).value),
    purpose: textOrNull(objectOf(channel.purpose).value),
    is_private: channel.is_private === true,
    is_archived: channel.is_archived === true,
    is_member: channel.is_member === true,
    members: typeof channel.num_members === 'number' ? channel.num_members : null,
  };
}

/** A message of Slack. Its fields besides these depend on its kind. */
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
