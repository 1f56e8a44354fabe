import { bundle } from '../../rolldown.base.mjs';

// The worker thread is a file of its own, beside the one that starts it.
export default bundle(import.meta.dirname, { index: 'src/index.ts', worker: 'src/worker/worker.ts' });
