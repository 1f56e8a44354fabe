import { bundle } from '../../rolldown.base.mjs';

export default bundle(import.meta.dirname, {
  index: 'src/index.ts',
  checks: 'src/checks.ts',
  'guidelines/index': 'src/guidelines/index.ts',
  'guidelines/load-module-main': 'src/guidelines/load-module-main.ts',
});
