import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** The one script that a page holds in itself: whole, without imports; see `web/ui/templatetags/ui.py`. */
export default defineConfig({
  build: {
    outDir: path('../src/amphitheatre/web/static/front/'),
    emptyOutDir: false,
    copyPublicDir: false,
    target: 'es2022',
    lib: { entry: path('./src/early/main.ts'), formats: ['iife'], name: 'early', fileName: () => 'early.js' },
  },
});
