import { link, mkdir, readFile, rename, rm, rmdir, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { exists, sha256, syncFolder } from '../disk/durable.ts'
import { codeOf } from '../disk/error-code.ts'
import { damagedStage } from '../disk/stage.ts'
import { foldersOf, isFolder, isInTheWay, kindAt, locate } from './path.ts'
import type { RedoItem } from './redo-item.ts'
import { changed } from './seen.ts'

/**
 * Puts staged changes in place. May stop anywhere and be called again: what holds its new content is done, what holds
 * anything but the content that the migration saw is refused before anything is changed. New content comes first and
 * removals last, but for files whose name becomes a folder's; contents that move are pinned in `folder`, so nothing is
 * lost in any order.
 *
 * @throws MigrationError `MIG_R0231` a destination changed, `MIG_R0236` staged content is not what it was
 */
export async function settleFiles(root: string, folder: string, items: readonly RedoItem[]): Promise<void> {
  const becomeFolders = new Set(items.flatMap(({ path, next }) => (next === null ? [] : foldersOf(path))))
  const open: { readonly item: RedoItem; readonly file: string; readonly isThere: boolean }[] = []
  for (const item of items) {
    const file = await locate(root, item.path)
    const now = await hashAt(file)
    if (now === item.next) continue
    // Its removal was done before, and the folder made.
    if (item.next === null && becomeFolders.has(item.path) && (await isFolder(file))) continue
    if (now !== item.old) throw changed(item.path)
    if (item.staged !== null && (await hashAt(join(folder, item.staged))) !== item.next)
      throw damagedStage(`${join(folder, item.staged)} does not hold the content of ${item.path}`)
    open.push({ item, file, isThere: now !== null })
  }
  const removed = new Set(items.flatMap(({ path, next }) => (next === null ? [path] : [])))
  for (const path of becomeFolders) if (!removed.has(path) && (await isInTheWay(join(root, path)))) throw changed(path)
  const removals = open.filter(({ item }) => item.staged === null)
  for (const { item, file } of removals) if (becomeFolders.has(item.path)) await unlink(file)
  for (const { item, file, isThere } of open) {
    if (item.staged === null) continue
    await mkdir(dirname(file), { recursive: true })
    const staged = join(folder, item.staged)
    if (isThere) await replace(staged, file)
    else await create(staged, file, item)
  }
  for (const { item, file } of removals) if (!becomeFolders.has(item.path)) await unlink(file)
  for (const { file } of removals) await removeEmpty(root, dirname(file))
  const folders = new Set(open.flatMap(({ file }) => foldersAbove(root, file)))
  for (const name of folders) if (await exists(name)) await syncFolder(name)
}

/** `rename` consumes the name that it is given, and does nothing between two names of one file: hence a third name. */
async function replace(staged: string, file: string): Promise<void> {
  const third = `${staged}.put`
  await rm(third, { force: true })
  await link(staged, third)
  await rename(third, file)
}

async function create(staged: string, file: string, item: RedoItem): Promise<void> {
  try {
    await link(staged, file)
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
    if ((await hashAt(file)) !== item.next) throw changed(item.path)
  }
}

/** Folders exist through the files in them: those that a removal emptied go, up to the root. */
async function removeEmpty(root: string, folder: string): Promise<void> {
  if (folder === root) return
  try {
    await rmdir(folder)
  } catch (error) {
    const code = codeOf(error)
    if (code === 'ENOTEMPTY' || code === 'EEXIST') return
    if (code !== 'ENOENT') throw error
  }
  await removeEmpty(root, dirname(folder))
}

/** From the file's folder up to the root. */
function foldersAbove(root: string, file: string): readonly string[] {
  const folder = dirname(file)
  return folder === root ? [root] : [folder, ...foldersAbove(root, folder)]
}

async function hashAt(file: string): Promise<string | null> {
  const kind = await kindAt(file)
  if (kind === 'file') return sha256(await readFile(file))
  return kind === 'absent' ? null : 'not a file'
}
