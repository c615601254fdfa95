import migrations from 'unplugin-migrations/vite'
import { defineConfig } from 'vite'

export default defineConfig({
  // One tsconfig.json serves the whole playground, so there is none beside this package.json.
  plugins: [migrations({ types: true })],
  build: {
    ssr: 'src/server.ts',
    target: 'node20',
    rolldownOptions: { output: { entryFileNames: '[name].mjs', chunkFileNames: 'chunks/[name]-[hash].mjs' } },
  },
  // The built server needs its driver and nothing else: no package, no folder of migrations.
  ssr: { noExternal: true, external: ['better-sqlite3'] },
})
