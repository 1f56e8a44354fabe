import { bundle } from '../../rolldown.base.mjs';

export default bundle(import.meta.dirname, {
  index: 'c8_integration_slack/index.ts',
  main: 'c8_integration_slack/main.ts',
});
