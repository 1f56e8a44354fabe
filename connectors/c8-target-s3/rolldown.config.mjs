import { bundle } from '../../rolldown.base.mjs';

export default bundle(import.meta.dirname, { index: 'c8_target_s3/index.ts', main: 'c8_target_s3/main.ts' });
