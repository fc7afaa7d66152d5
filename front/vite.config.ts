import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { hlsSource, hlsSwitches, leaveOut } from './hls_build.ts';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

export default defineConfig({
  base: './',
  define: hlsSwitches,
  plugins: [leaveOut()],
  resolve: { alias: [hlsSource] },
  build: {
    outDir: path('../src/amphitheatre/web/static/front/'),
    emptyOutDir: true,
    manifest: 'manifest.json',
    target: 'es2022',
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: {
        passkey: path('./src/passkey/main.ts'),
        watch: path('./src/watch/main.ts'),
        replay: path('./src/replay/main.ts'),
        technician: path('./src/technician/main.ts'),
        present: path('./src/present/main.ts'),
        recordings: path('./src/recordings/main.ts'),
        masthead: path('./src/masthead/main.ts'),
      },
    },
  },
  test: { environment: 'node', include: ['src/**/*.test.ts'] },
});
