import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import type { Plugin } from 'vite';

const TEXT = /\.(js|css|svg)$/;

/** Beside each built text a copy in Brotli (RFC 7932), a sixth smaller than gzip, which the web server hands out. */
export function brotli(): Plugin {
  return {
    name: 'brotli',
    apply: 'build',
    async writeBundle(options, bundle) {
      await Promise.all(
        Object.values(bundle)
          .filter((file) => TEXT.test(file.fileName))
          .map((file) =>
            writeFile(
              join(options.dir ?? '', `${file.fileName}.br`),
              brotliCompressSync(file.type === 'chunk' ? file.code : file.source),
            ),
          ),
      );
    },
  };
}
