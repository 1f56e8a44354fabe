import { bundle } from '../../rolldown.base.mjs';

export default bundle(import.meta.dirname, {
  index: 'c8_source_mysql/index.ts',
  main: 'c8_source_mysql/main.ts',
});
