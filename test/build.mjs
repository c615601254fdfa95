// Compiles src into dist. The folder is written beside the old one and swapped in, so that a process that runs
// from dist while a build goes on never sees half of it.
import { execFileSync } from 'node:child_process'
import { copyFileSync, renameSync, rmSync } from 'node:fs'

const next = 'dist.next'
rmSync(next, { recursive: true, force: true })
execFileSync('npx', ['tsc', '--outDir', next], { stdio: 'inherit' })
copyFileSync('src/client.d.ts', `${next}/client.d.ts`)
rmSync('dist', { recursive: true, force: true })
renameSync(next, 'dist')
