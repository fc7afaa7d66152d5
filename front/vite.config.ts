import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { brotli } from './brotli.ts';
import { hlsSource, hlsSwitches, leaveOut } from './hls_build.ts';
import { worldMap } from './world_map.ts';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

export default defineConfig({
  base: './',
  define: hlsSwitches,
  plugins: [leaveOut(), worldMap(), brotli()],
  resolve: { alias: [hlsSource] },
  build: {
    outDir: path('../src/amphitheatre/web/static/front/'),
    emptyOutDir: true,
    manifest: 'manifest.json',
    target: 'es2022',
    modulePreload: false,
    rollupOptions: {
      input: {
        passkey: path('./src/passkey/main.ts'),
        watch: path('./src/watch/main.ts'),
        replay: path('./src/replay/main.ts'),
        technician: path('./src/technician/main.ts'),
        present: path('./src/present/main.ts'),
        busy: path('./src/busy/main.ts'),
        offline: path('./src/offline/main.ts'),
        recordings: path('./src/recordings/main.ts'),
        masthead: path('./src/masthead/main.ts'),
        paper_mood: path('./src/styles/paper_mood.css'),
        theatre_mood: path('./src/styles/theatre_mood.css'),
      },
      output: {
        // Few requests: a browser has six connections to a host, and each is a wait for the first picture.
        codeSplitting: {
          groups: [
            { name: 'hls', test: /node_modules|rolldown\/runtime|player\/(early_loader|manifest)/ },
            { name: 'page', test: /src\/page/ },
          ],
        },
      },
    },
  },
  test: { environment: 'node', include: ['src/**/*.test.ts'] },
});
