import migrations from 'unplugin-migrations/vite'
import { defineConfig } from 'vite'

export default defineConfig({
  logLevel: 'warn',
  plugins: [migrations()],
  build: { ssr: 'server.ts', outDir: 'out' },
})
