import { bundle } from '../../rolldown.base.mjs';

export default bundle(import.meta.dirname, {
  index: 'src/index.ts',
  'testing/index': 'src/testing/index.ts',
});
