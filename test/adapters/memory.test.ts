import { expect, it } from 'vitest'
import { memory } from '../../src/adapters/memory.ts'
import type { Json } from '../../src/runtime/handles.ts'
import { entryAt } from '../../src/testing/log-entries.ts'

it('refuses before the commit to overwrite a key that changed since the migration read it', async () => {
  const data = new Map<string, Json>([['visits', 1]])
  const session = await memory(data).open()
  const staging = await session.stage?.(entryAt(3, { kind: 'up' }))
  if (!staging) throw new TypeError('memory stages')
  const keys = staging.handle('kv')
  const visits = Number(await keys.get('visits'))
  data.set('visits', 5)
  await keys.set('visits', visits + 1)
  await expect(staging.prepare()).rejects.toMatchObject({ code: 'MIG_R0231' })
  expect(data.get('visits')).toBe(5)
})
