import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  rmdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { files } from '../../src/adapters/files.ts'
import type { Files, Json } from '../../src/runtime/handles.ts'
import { entryAt } from '../../src/testing/log-entries.ts'

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'files-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

type Tree = Readonly<Record<string, string>>

function plant(tree: Tree): void {
  for (const [path, text] of Object.entries(tree)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
}

function harvest(): Tree {
  const paths = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const found = paths.map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
  const own = found.filter((path) => !path.startsWith('.migrations'))
  return Object.fromEntries(own.toSorted().map((path) => [path, readFileSync(join(root, path), 'utf8')]))
}

function replaceByFolder(path: string): void {
  rmSync(join(root, path))
  mkdirSync(join(root, path))
}

interface Staged {
  readonly redo: Json
  settle(): Promise<void>
}

async function stage(work: (tree: Files) => Promise<unknown>): Promise<Staged> {
  const session = await files(root).open()
  const staging = await session.stage?.(entryAt(3, { kind: 'up' }))
  if (!staging) throw new TypeError('files stages')
  await work(staging.handle('files'))
  const redo = await staging.prepare()
  return { redo, settle: async () => session.settle?.(redo) }
}

async function change(work: (tree: Files) => Promise<unknown>): Promise<Tree> {
  await (await stage(work)).settle()
  return harvest()
}

const bytes = (text: string): Uint8Array => Buffer.from(text)

describe('changes', () => {
  beforeEach(() => plant({ a: 'A', b: 'B', 'deep/c': 'C' }))

  it.each<readonly [string, (tree: Files) => Promise<unknown>, Tree]>([
    ['write', (tree) => tree.write('new/d', bytes('D')), { a: 'A', b: 'B', 'deep/c': 'C', 'new/d': 'D' }],
    ['write over', (tree) => tree.write('a', bytes('X')), { a: 'X', b: 'B', 'deep/c': 'C' }],
    ['move', (tree) => tree.move('a', 'moved/a'), { b: 'B', 'deep/c': 'C', 'moved/a': 'A' }],
    [
      'move to itself',
      (tree) => tree.move('a', 'a').then(() => tree.write('d', bytes(''))),
      { a: 'A', b: 'B', 'deep/c': 'C', d: '' },
    ],
    ['remove the last one of a folder', (tree) => tree.remove('deep/c'), { a: 'A', b: 'B' }],
  ])('%s', async (_, work, expected) => {
    expect(await change(work)).toEqual(expected)
    expect(existsSync(join(root, 'deep'))).toBe('deep/c' in expected)
  })

  it('compose: the last write wins, and a moved file takes its new content along', async () => {
    const tree = await change(async (handle) => {
      await handle.write('a', bytes('1'))
      await handle.write('a', bytes('2'))
      await handle.move('a', 'elsewhere')
      await handle.write('a', bytes('3'))
    })
    expect(tree).toEqual({ a: '3', b: 'B', 'deep/c': 'C', elsewhere: '2' })
  })

  it('move in chains and circles without losing a content', async () => {
    const tree = await change(async (handle) => {
      await handle.move('deep/c', 'd')
      await handle.move('b', 'deep/c')
      await handle.move('a', 'b')
      await handle.move('d', 'a')
    })
    expect(tree).toEqual({ a: 'C', b: 'A', 'deep/c': 'B' })
  })

  it.each([
    ['between its reading and its writing', 'read'],
    ['between its reading twice', 'twice'],
    ['after its writing', 'written'],
    ['where it found none', 'absent'],
  ])('are refused before the commit where somebody else changes a file %s', async (_, when) => {
    plant({ a: 'one' })
    const path = when === 'absent' ? 'new' : 'a'
    const late = async (tree: Files): Promise<void> => {
      if (when === 'absent') await expect(tree.read(path)).rejects.toMatchObject({ code: 'MIG_R0233' })
      else if (when !== 'written') await tree.read('a')
      else await tree.write('a', bytes('two'))
      plant({ [path]: 'theirs' })
      if (when === 'twice') await tree.read('a')
      else await tree.write(path, bytes('two'))
    }
    await expect(stage(late)).rejects.toMatchObject({ code: 'MIG_R0231' })
    expect(harvest()[path]).toBe('theirs')
  })

  it('are refused before the commit where somebody else makes a folder in place of a file', async () => {
    const work = (tree: Files): Promise<void> => tree.remove('a').then(() => replaceByFolder('a'))
    await expect(stage(work)).rejects.toMatchObject({ code: 'MIG_R0231' })
  })

  it('undo each other to nothing', async () => {
    const { redo } = await stage(async (handle) => {
      await handle.write('new', bytes('N'))
      await handle.remove('new')
      await handle.move('a', 'x')
      await handle.move('x', 'a')
      await handle.write('b', bytes('B'))
    })
    expect(redo).toBeNull()
    expect(readdirSync(join(root, '.migrations/stage'))).toEqual([])
  })

  it('are put in place once, whatever of them is there already', async () => {
    const { settle } = await stage(async (handle) => {
      await handle.move('a', 'b2')
      await handle.write('b', bytes('BB'))
      await handle.remove('deep/c')
    })
    writeFileSync(join(root, 'b2'), 'A')
    rmSync(join(root, 'deep/c'))
    await settle()
    await settle()
    expect(harvest()).toEqual({ b: 'BB', b2: 'A' })
  })

  it.each<readonly [string, (tree: Files) => Promise<unknown>, Tree]>([
    [
      'written before it is removed',
      (tree) => tree.write('a/b/c', bytes('N')).then(() => tree.remove('a')),
      { 'a/b/c': 'N', b: 'B', 'deep/c': 'C' },
    ],
    ['moved below itself', (tree) => tree.move('a', 'a/b'), { 'a/b': 'A', b: 'B', 'deep/c': 'C' }],
    ['the only one of a folder', (tree) => tree.move('deep/c', 'deep/c/d'), { a: 'A', b: 'B', 'deep/c/d': 'C' }],
  ])('make a folder in place of a file: %s', async (_, work, expected) => {
    const { settle } = await stage(work)
    await settle()
    await settle()
    expect(harvest()).toEqual(expected)
  })

  it.each([0, 1, 2, 3, 4])('make a folder in place of a file where a process died after %i steps', async (died) => {
    const { settle } = await stage(async (handle) => {
      await handle.move('a', 'a/c')
      await handle.remove('b')
    })
    const steps = [
      () => rmSync(join(root, 'a')),
      () => mkdirSync(join(root, 'a')),
      () => plant({ 'a/c': 'A' }),
      () => rmSync(join(root, 'b')),
    ]
    for (const step of steps.slice(0, died)) step()
    await settle()
    expect(harvest()).toEqual({ 'a/c': 'A', 'deep/c': 'C' })
  })

  it.each<readonly [string, (tree: Files) => Promise<unknown>]>([
    ['below one that stays', (tree) => tree.write('a/x', bytes('X'))],
    ['far below one that stays', (tree) => tree.write('a/x/y/z', bytes('X'))],
    ['below one that is written', (tree) => tree.write('c', bytes('1')).then(() => tree.write('c/d', bytes('2')))],
    ['below one that is moved there', (tree) => tree.move('b', 'c').then(() => tree.write('c/d', bytes('2')))],
    ['below a link to one', (tree) => tree.write('link/x', bytes('X'))],
  ])('are refused before the commit where a file would lie %s', async (_, work) => {
    symlinkSync(join(root, 'a'), join(root, 'link'))
    const before = harvest()
    await expect(stage(work)).rejects.toMatchObject({ code: 'MIG_R0233' })
    expect(harvest()).toEqual(before)
  })

  it('of thousands of files', async () => {
    const names = Array.from({ length: 1000 }, (_, index) => `many/${index}`)
    plant(Object.fromEntries(names.map((name) => [name, name])))
    const tree = await change(async (handle) => {
      for (const name of names) await handle.move(name, name.replace('many/', 'sorted/x'))
    })
    expect(Object.keys(tree).filter((path) => path.startsWith('sorted/x'))).toHaveLength(names.length)
    expect(existsSync(join(root, 'many'))).toBe(false)
  })
})

describe('a destination that changed since', () => {
  it.each<readonly [string, (tree: Files) => Promise<unknown>, () => void]>([
    ['written over', (tree) => tree.write('a', bytes('X')), () => plant({ a: 'other' })],
    ['moved away', (tree) => tree.move('a', 'x'), () => plant({ a: 'other' })],
    ['removed', (tree) => tree.remove('a'), () => plant({ a: 'other' })],
    ['created', (tree) => tree.write('x', bytes('X')), () => plant({ x: 'other' })],
    ['a folder now', (tree) => tree.write('x', bytes('X')), () => mkdirSync(join(root, 'x'))],
    ['below a file now', (tree) => tree.write('x/y', bytes('X')), () => plant({ x: 'other' })],
    ['a folder in place of one to remove', (tree) => tree.remove('a'), () => replaceByFolder('a')],
    ['another file where a folder comes', (tree) => tree.move('a', 'a/b'), () => plant({ a: 'other' })],
  ])('%s: nothing is overwritten, and what was there before is put back first', async (_, work, disturb) => {
    plant({ a: 'A', b: 'B' })
    const { settle } = await stage(async (tree) => {
      await tree.write('b', bytes('BB'))
      await work(tree)
    })
    disturb()
    const before = harvest()
    await expect(settle()).rejects.toMatchObject({ code: 'MIG_R0231' })
    expect(harvest()).toEqual(before)
    rmSync(join(root, 'x'), { recursive: true, force: true })
    if (lstatSync(join(root, 'a')).isDirectory()) rmdirSync(join(root, 'a'))
    plant({ a: 'A' })
    await settle()
    expect(harvest()['b']).toBe('BB')
  })
})

describe('staged work that is damaged', () => {
  it.each([
    ['a content', '0', 'other'],
    ['the redo list', 'redo.json', '[]'],
  ])('%s is not put in place', async (_, name, text) => {
    plant({ a: 'A' })
    const { redo, settle } = await stage((tree) => tree.write('a', bytes('X')))
    const { name: attempt } = redo as { readonly name: string }
    writeFileSync(join(root, '.migrations/stage', attempt, name), text)
    await expect(settle()).rejects.toMatchObject({ code: 'MIG_R0236' })
    expect(harvest()).toEqual({ a: 'A' })
  })

  it('and a redo that names another folder is refused', async () => {
    const session = await files(root).open()
    await expect(session.settle?.({ name: '../../etc', digest: '' })).rejects.toMatchObject({ code: 'MIG_R0236' })
    await expect(session.settle?.(null)).rejects.toMatchObject({ code: 'MIG_R0236' })
    await expect(session.discard?.('../..')).rejects.toMatchObject({ code: 'MIG_R0236' })
  })
})

describe('paths', () => {
  it.each(['', '/etc/passwd', '../x', 'a/../../x', 'a//b', './a', 'a/', 'a\\b', 'a\0b', 'C:/x', '.migrations/log/x'])(
    'refuses %j',
    async (path) => {
      await stage(async (tree) => {
        await expect(tree.write(path, bytes(''))).rejects.toMatchObject({ code: 'MIG_R0232' })
        await expect(tree.read(path)).rejects.toMatchObject({ code: 'MIG_R0232' })
        await expect(tree.move(path, 'x')).rejects.toMatchObject({ code: 'MIG_R0232' })
      })
    },
  )

  it('refuses a folder that leads out of the root, and links in place of files', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'outside-'))
    writeFileSync(join(outside, 'secret'), 'S')
    symlinkSync(outside, join(root, 'out'))
    symlinkSync(join(outside, 'secret'), join(root, 'link'))
    plant({ a: 'A' })
    await stage(async (tree) => {
      await expect(tree.read('out/secret')).rejects.toMatchObject({ code: 'MIG_R0232' })
      await expect(tree.write('out/x', bytes(''))).rejects.toMatchObject({ code: 'MIG_R0232' })
      await expect(tree.read('link')).rejects.toMatchObject({ code: 'MIG_R0233' })
      await expect(tree.write('link', bytes(''))).rejects.toMatchObject({ code: 'MIG_R0233' })
      expect(await listed(tree)).toEqual(['a'])
    })
    expect(readdirSync(outside)).toEqual(['secret'])
    rmSync(outside, { recursive: true })
  })

  it.each(['a\ud800', 'a\udc00/b'])('refuses %j, whose letters have no name on disk', async (path) => {
    await stage(async (tree) => {
      await expect(tree.write(path, bytes(''))).rejects.toMatchObject({ code: 'MIG_R0232' })
    })
  })

  it('names what is missing or in the way', async () => {
    plant({ a: 'A', b: 'B' })
    await stage(async (tree) => {
      await expect(tree.read('x')).rejects.toMatchObject({ code: 'MIG_R0233' })
      await expect(tree.move('x', 'y')).rejects.toMatchObject({ code: 'MIG_R0233' })
      await expect(tree.remove('x')).rejects.toMatchObject({ code: 'MIG_R0233' })
      await expect(tree.move('a', 'b')).rejects.toThrow(/b exists/)
    })
  })

  it('lists by prefix, without its own folder', async () => {
    plant({ 'a/b/1': '', 'a/b2': '', 'a/c/1': '', d: '' })
    await (await stage((tree) => tree.write('e', bytes('')))).settle()
    await stage(async (tree) => {
      expect(await listed(tree)).toEqual(['a/b/1', 'a/b2', 'a/c/1', 'd', 'e'])
      expect(await listed(tree, 'a/b')).toEqual(['a/b/1', 'a/b2'])
      expect(await listed(tree, 'a/b/')).toEqual(['a/b/1'])
      expect(await listed(tree, 'none')).toEqual([])
    })
  })
})

async function listed(tree: Files, prefix?: string): Promise<readonly string[]> {
  const paths: string[] = []
  for await (const path of tree.list(prefix)) paths.push(path)
  return paths.toSorted()
}
