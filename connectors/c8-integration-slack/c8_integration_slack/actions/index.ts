import type { ActionName } from '../scopes.ts';
import { addReaction } from './add-reaction.ts';
import { deleteMessage } from './delete-message.ts';
import { listChannels } from './list-channels.ts';
import { listUsers } from './list-users.ts';
import { lookupUser } from './lookup-user.ts';
import { postMessage } from './post-message.ts';
import { readMessages } from './read-messages.ts';
import { updateMessage } from './update-message.ts';
import { uploadFile } from './upload-file.ts';

/** All actions, in the order of the docs. */
export const actions = {
  postMessage,
  updateMessage,
  deleteMessage,
  uploadFile,
  addReaction,
  lookupUser,
  listChannels,
  listUsers,
  readMessages,
} as const satisfies Record<ActionName, unknown>;
