import { rollup } from 'rollup'
import migrations from 'unplugin-migrations/rollup'

const bundle = await rollup({ input: 'server.js', external: /^unplugin-migrations\//, plugins: [migrations()] })
await bundle.write({ dir: 'out' })
