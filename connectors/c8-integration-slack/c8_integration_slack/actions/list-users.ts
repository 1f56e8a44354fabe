import { defineAction } from 'c8connector';
import { openSlack } from '../client.ts';
import type { SlackConfig } from '../config.ts';
import { shownUser, userSchema } from '../outputs.ts';
import { allItems } from '../pages.ts';

export const listUsers = defineAction<SlackConfig>()({
  description: 'Lists the users of the workspace, bots and deactivated ones too.',
  input: {},
  output: { type: 'object', properties: { users: { type: 'array', items: userSchema } }, required: ['users'] },
  example: {},
  async run(context) {
    const slack = await openSlack(context, 'listUsers');
    const users = await allItems(slack, { method: 'users.list', args: {}, items: 'members' });
    return { users: users.map(shownUser) };
  },
});
