import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'

const DRIVERS = ['better-sqlite3', 'pg', 'ioredis']
const REPOSITORY = join(import.meta.dirname, '../..')

/** Builds `image-app.mjs` in `folder`, with the images component in its `node_modules`. Answers the file to run. */
export async function buildImageApp(folder: string): Promise<string> {
  const { default: migrations } = (await import(
    join(REPOSITORY, 'dist/esbuild.js')
  )) as typeof import('../../src/esbuild.ts')
  mkdirSync(join(folder, 'node_modules/@acme'), { recursive: true })
  symlinkSync(join(REPOSITORY, 'playground/packages/images'), join(folder, 'node_modules/@acme/images'))
  for (const driver of DRIVERS)
    symlinkSync(join(REPOSITORY, 'node_modules', driver), join(folder, 'node_modules', driver))
  symlinkSync(REPOSITORY, join(folder, 'node_modules/unplugin-migrations'))
  const manifest = { name: 'image-app', private: true, type: 'module', dependencies: { '@acme/images': '*' } }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest))
  copyFileSync(join(import.meta.dirname, 'image-app.mjs'), join(folder, 'app.mjs'))
  await build({
    absWorkingDir: folder,
    entryPoints: ['app.mjs'],
    outfile: join(folder, 'built.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: [...DRIVERS],
    plugins: [migrations()],
    logLevel: 'error',
  })
  return join(folder, 'built.mjs')
}
