import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const library = join(import.meta.dirname, '../nodes/src/library');
const iconsModule = 'virtual:node-icons';

/** Offers exactly the icons that node files name, so a new node brings its icon without another file being touched. */
function nodeIcons(): Plugin {
  return {
    name: 'node-icons',
    resolveId: (id) => (id === iconsModule ? `\0${iconsModule}` : null),
    load(id) {
      if (id !== `\0${iconsModule}`) return null;
      const names = new Set<string>();
      for (const file of readdirSync(library, { recursive: true, encoding: 'utf8' })) {
        if (!file.endsWith('.ts') || file.endsWith('.test.ts')) continue;
        const icon = /\bicon: '([a-z0-9-]+)'/.exec(readFileSync(join(library, file), 'utf8'))?.[1];
        if (icon !== undefined) names.add(icon);
      }
      const pascal = (name: string) =>
        name
          .split('-')
          .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
          .join('');
      const sorted = [...names].sort();
      return `import { ${sorted.map((name) => `${pascal(name)}`).join(', ')} } from 'lucide-react';
export const nodeIcons = { ${sorted.map((name) => `'${name}': ${pascal(name)}`).join(', ')} };`;
    },
  };
}

/** Prints what a browser downloads before the first screen, and fails over the budget. */
function budget(limitKb: number): Plugin {
  return {
    name: 'bundle-budget',
    generateBundle(_options, bundle) {
      const chunks = Object.values(bundle);
      const initial = new Set<string>();
      const visit = (name: string) => {
        if (initial.has(name)) return;
        initial.add(name);
        const chunk = bundle[name];
        if (chunk?.type === 'chunk') for (const imported of chunk.imports) visit(imported);
      };
      for (const chunk of chunks) if (chunk.type === 'chunk' && chunk.isEntry) visit(chunk.fileName);
      let bytes = 0;
      for (const name of initial) {
        const chunk = bundle[name];
        if (chunk?.type === 'chunk') bytes += gzipSync(chunk.code).length;
      }
      const kb = Math.round(bytes / 1000);
      console.log(`initial_js_kb_gz: ${kb}`);
      if (kb > limitKb) this.error(`The initial bundle is ${kb} kB gzipped, over the budget of ${limitKb} kB`);
    },
  };
}

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), tailwindcss(), nodeIcons(), budget(380)],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2024',
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1500,
  },
  server: {
    host: '127.0.0.1',
    proxy: Object.fromEntries(
      ['/api', '/demo/phone'].map((path) => [path, process.env.SIGNALBOX_URL ?? 'http://127.0.0.1:4600']),
    ),
  },
});
