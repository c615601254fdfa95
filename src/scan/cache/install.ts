import { stampOf } from './stamp.ts'

/** What package managers write when they install: their lock files, and their marks in what they installed. */
const WRITTEN = [
  'package-lock.json',
  'npm-shrinkwrap.json',
  'node_modules/.package-lock.json',
  'pnpm-lock.yaml',
  'node_modules/.modules.yaml',
  'yarn.lock',
  'node_modules/.yarn-state.yml',
  'bun.lock',
  'bun.lockb',
]

/** A text that changes with every install: of the application, and of the workspaces that it may be in. */
export function installText(root: string): string {
  const stamps: string[] = []
  for (let folder = root; folder.includes('/'); folder = folder.slice(0, folder.lastIndexOf('/')))
    for (const file of WRITTEN) stamps.push(stampOf(`${folder}/${file}`)?.text ?? '')
  return stamps.join(',')
}
