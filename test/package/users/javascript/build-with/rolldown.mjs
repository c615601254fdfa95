import { rolldown } from 'rolldown'
import migrations from 'unplugin-migrations/rolldown'

const bundle = await rolldown({ input: 'server.js', platform: 'node', plugins: [migrations()] })
await bundle.write({ dir: 'out' })
