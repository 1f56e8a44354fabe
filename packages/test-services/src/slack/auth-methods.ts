import type { Call, Reply } from './call.ts';

export function test({ token, workspace, url }: Call): Reply {
  const { userId, botId, appId, name } = token.app;
  return {
    url: `${url}/`,
    team: 'Test Workspace',
    user: name,
    team_id: workspace.teamId,
    user_id: userId,
    bot_id: botId,
    app_id: appId,
    is_enterprise_install: token.isOrganization,
  };
}
