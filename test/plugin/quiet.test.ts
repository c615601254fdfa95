import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { oncePerQuiet } from '../../src/plugin/quiet.ts'

it('answers events that come together by one call, and a later one by another', async () => {
  let calls = 0
  const follow = oncePerQuiet(async () => void calls++)
  await Promise.all([follow(1), follow(2), follow(3)])
  expect(calls).toBe(1)
  await follow(4)
  expect(calls).toBe(2)
})

it('answers one event that asks again by the work that covered it', async () => {
  let calls = 0
  const follow = oncePerQuiet(async () => void calls++)
  await Promise.all([follow(1), follow(2)])
  await Promise.all([follow(1), follow(2)])
  expect(calls).toBe(1)
})

it('never answers an event by work that began before it', async () => {
  const began: number[] = []
  const ended: number[] = []
  const follow = oncePerQuiet(async () => {
    const number = began.push(began.length)
    await sleep(150)
    ended.push(number)
  })
  const first = follow(1)
  await sleep(160)
  expect([began.length, ended.length]).toEqual([1, 0])
  await follow(2)
  expect(ended).toEqual([1, 2])
  await first
})
