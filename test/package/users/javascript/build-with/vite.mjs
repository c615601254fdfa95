import migrations from 'unplugin-migrations/vite'
import { build } from 'vite'

await build({
  configFile: false,
  logLevel: 'warn',
  plugins: [migrations()],
  build: { ssr: 'server.js', outDir: 'out' },
})
