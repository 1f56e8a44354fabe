import { objectOf, textOrNull } from './answer.ts';
import type { SlackAnswer } from './client.ts';

/** A user as the outputs show it; Slack gives emails only with the scope users:read.email. */
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
