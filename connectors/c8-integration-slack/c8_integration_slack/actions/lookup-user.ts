import { ConfigError, defineAction } from 'c8connector';
import { objectOf } from '../answer.ts';
import { openSlack } from '../client.ts';
import type { SlackConfig } from '../config.ts';
import { shownUser, userSchema } from '../outputs.ts';

export const lookupUser = defineAction<SlackConfig>()({
  description: 'Finds a user by email or by id.',
  input: {
    email: {
      type: 'email',
      displayName: 'Email',
      description: 'Email address of the user. Either email or user is required.',
      placeholderValue: 'ann@example.com',
    },
    user: {
      type: 'string',
      displayName: 'User',
      description: 'Id of the user, such as U0123456789.',
      pattern: '[UW][A-Z0-9]+',
      placeholderValue: 'U0123456789',
    },
  },
  output: userSchema,
  example: { email: 'ann@example.com' },
  async run(context) {
    const { email, user } = context.input;
    if ((email === undefined) === (user === undefined)) throw oneOfThem();
    const slack = await openSlack(context, 'lookupUser');
    const answer =
      email === undefined
        ? await slack.call('users.info', { user })
        : await slack.call('users.lookupByEmail', { email });
    return shownUser(objectOf(answer.user));
  },
});

function oneOfThem(): ConfigError {
  const problems = ['email', 'user'].map((property) => ({
    property,
    message: `${property}: give either email or user.`,
  }));
  return new ConfigError('Give either email or user.', {
    code: 'input_invalid',
    problems,
    details: { property: 'email' },
  });
}
