import { app, type Content, scanned } from './tree.ts'

/** The hash of the first migration of an application with these files. */
export async function hash(files: Readonly<Record<string, Content>>): Promise<string> {
  const { migrations } = await scanned(app(files))
  const [first] = migrations
  if (!first) throw new Error('There is no migration.')
  return first.hash
}

export function hashOf(text: string, name = '1.ts'): Promise<string> {
  return hash({ [name]: text })
}
