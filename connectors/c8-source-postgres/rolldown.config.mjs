import { bundle } from '../../rolldown.base.mjs';

export default bundle(import.meta.dirname, {
  index: 'c8_source_postgres/index.ts',
  main: 'c8_source_postgres/main.ts',
});
