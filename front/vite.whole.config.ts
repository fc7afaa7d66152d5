import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** What stands in a page itself (`web/ui/templatetags/ui.py`), and the worker. */
const ENTRIES: Record<string, string> = { early: './src/early/main.ts', service_worker: './src/offline/worker.ts' };

/** Scripts that must be whole, without imports; the mode names which one is built. */
export default defineConfig(({ mode }) => ({
  build: {
    outDir: path('../src/amphitheatre/web/static/front/'),
    emptyOutDir: false,
    copyPublicDir: false,
    target: 'es2022',
    lib: { entry: path(ENTRIES[mode]!), formats: ['iife'], name: mode, fileName: () => `${mode}.js` },
  },
}));
