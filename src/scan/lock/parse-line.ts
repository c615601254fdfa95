import { nameProblem } from '../metadata/name.ts'
import { EDGE_WORDS, type LockedEdge, type LockedLine, VERSION } from './lock-file.ts'

const HASH = /^h\d+:[0-9a-f]{64}$/
const REVISION = /^r([1-9]\d{0,14})$/
const EDGE = new RegExp(`^(${EDGE_WORDS.join('|')})=(!?)([^\\s=!]+)$`)

/** The words of a migration's line as data, or what is wrong with them. */
export function parseLine(words: readonly string[]): LockedLine | string {
  const [name = '', ...rest] = words
  if (nameProblem(name) !== undefined) return `${JSON.stringify(name)} is no name of a migration`
  const revision = REVISION.exec(rest[0] ?? '')?.[1]
  const [hash = '', version = '', ...more] = revision === undefined ? rest : rest.slice(1)
  if (!HASH.test(hash)) return 'a hash is expected behind the name'
  if (!VERSION.test(version)) return 'a version is expected behind the hash'
  const edges: LockedEdge[] = []
  const accepted: string[] = []
  let isRetired = false
  for (let at = 0; at < more.length; at++) {
    const word = more[at] ?? ''
    const [, kind, mark, to] = EDGE.exec(word) ?? []
    const edge = EDGE_WORDS.find((each) => each === kind)
    if (edge && to !== undefined) edges.push({ kind: edge, to, isForeign: mark === '!' })
    else if (word === 'was' && HASH.test(more[at + 1] ?? '')) accepted.push(more[++at] ?? '')
    else if (word === 'retired' && at === more.length - 1) isRetired = true
    else return `${JSON.stringify(word)} means nothing here`
  }
  return {
    name,
    hash,
    accepted,
    ...(revision === undefined ? {} : { revision: Number(revision) }),
    version,
    edges,
    ...(isRetired ? { retired: true as const } : {}),
  }
}
