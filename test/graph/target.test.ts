import { describe, expect, it } from 'vitest'
import type { Id } from '../../src/graph/manifest.ts'
import { type GraphPlan, planMigrations } from '../../src/graph/plan/plan.ts'
import { PlanError } from '../../src/graph/plan/plan-error.ts'
import type { PlanRequest } from '../../src/graph/plan/request.ts'
import { type Situation, situationOf } from '../../src/graph/situation.ts'
import { graphWith, migrations } from './cases.ts'

// accounts: init ── names ── merged        images: 0001 ── 0002 ── 0010      app: start ── next
//               └── mail (labelled) ──┘               images:0002 ─► app:next
const graph = graphWith([
  ...migrations('@acme/accounts', {
    init: {},
    names: {},
    mail: { parents: ['init'], labels: ['mailing'] },
    merged: { parents: ['names', 'mail'] },
  }),
  ...migrations('@acme/images', { '0001_init': {}, '0002_sizes': {}, '0002_sizes_again': {}, '2024-10': {} }),
  ...migrations('app', { start: {}, next: { dependsOn: ['@acme/images:0002_sizes'] } }),
])

const accounts = (...names: readonly string[]): readonly Id[] => names.map((name) => `@acme/accounts:${name}`)
const images = (...names: readonly string[]): readonly Id[] => names.map((name) => `@acme/images:${name}`)

function shown({ down, up }: GraphPlan): readonly string[] {
  return [...down.map(({ id }) => `-${id}`), ...up.map(({ id }) => `+${id}`)]
}

function planOf(applied: readonly Id[], request: PlanRequest, from = graph): readonly string[] {
  return shown(planMigrations(situationOf(from, applied), request))
}

function refused(situation: Situation, request: PlanRequest): PlanError {
  try {
    planMigrations(situation, request)
  } catch (error) {
    if (error instanceof PlanError) return error
    throw error
  }
  throw new Error('was planned')
}

const ALL = graph.members.map(({ id }) => id)

describe('targets', () => {
  it.each<[target: string, applied: readonly Id[], up: readonly Id[]]>([
    ['heads', [], ALL],
    ['app', images('0001_init'), [...images('0002_sizes'), 'app:start', 'app:next']],
    ['app@head', ALL, []],
    ['app:start', [], ['app:start']],
    ['start', [], ['app:start']],
    ['@acme/images:0002_sizes', [], images('0001_init', '0002_sizes')],
    ['0002_sizes_', images('0001_init'), images('0002_sizes', '0002_sizes_again')],
    ['@acme/images:2024', images('0001_init', '0002_sizes', '0002_sizes_again'), images('2024-10')],
    ['2024-10', images('0001_init', '0002_sizes', '0002_sizes_again'), images('2024-10')],
    ['mailing@head', [], ALL.filter((id) => id.startsWith('@acme/accounts'))],
    ['@acme/images@+2', images('0001_init'), images('0002_sizes', '0002_sizes_again')],
    ['app@+2', [], [...images('0001_init', '0002_sizes'), 'app:start', 'app:next']],
    ['@acme/images:0001_init+1', [], images('0001_init', '0002_sizes')],
    ['2024-10-1', [], images('0001_init', '0002_sizes', '0002_sizes_again')],
    ['0001+1', [], images('0001_init', '0002_sizes')],
    ['+1', ALL.filter((id) => id !== 'app:next'), ['app:next']],
    ['mailing@+1', accounts('init'), accounts('mail')],
  ])('up to %s', (target, applied, up) => {
    const expected = ALL.filter((id) => up.includes(id)).map((id) => `+${id}`)
    expect(planOf(applied, { direction: 'up', targets: target })).toEqual(expected)
  })

  it.each<[target: string, applied: readonly Id[], down: readonly Id[]]>([
    ['base', ALL, ALL],
    ['@acme/images@base', ALL, [...images('0001_init', '0002_sizes', '0002_sizes_again', '2024-10'), 'app:next']],
    ['app@base', ALL, ['app:start', 'app:next']],
    ['0001_init', ALL, [...images('0002_sizes', '0002_sizes_again', '2024-10'), 'app:next']],
    ['@acme/images:0002_sizes', ALL, images('0002_sizes_again', '2024-10')],
    ['mailing@base', ALL, accounts('mail', 'merged')],
    ['@acme/accounts@-1', ALL, accounts('merged')],
    ['mailing@-2', ALL, accounts('mail', 'merged')],
    ['-1', [...images('0001_init', '0002_sizes')], images('0002_sizes')],
    ['app:next-1', ALL, ['app:next']],
    ['app:start-1', ALL, ['app:start', 'app:next']],
  ])('down to %s', (target, applied, down) => {
    const expected = ALL.filter((id) => down.includes(id)).toReversed()
    expect(planOf(applied, { direction: 'down', targets: target })).toEqual(expected.map((id) => `-${id}`))
  })

  it.each<[code: string, request: PlanRequest, applied: readonly Id[], ids: readonly Id[]]>([
    ['MIG_R0401', { direction: 'up', targets: 'nothing' }, [], []],
    ['MIG_R0401', { direction: 'up', targets: 'Start' }, [], []],
    ['MIG_R0401', { direction: 'up', targets: 'nobody@head' }, [], []],
    ['MIG_R0401', { direction: 'up', only: ['app'] }, [], []],
    ['MIG_R0402', { direction: 'up', targets: 'm' }, [], accounts('mail', 'merged')],
    ['MIG_R0402', { direction: 'up', targets: '@acme/images:0002' }, [], images('0002_sizes', '0002_sizes_again')],
    ['MIG_R0402', { direction: 'up', targets: '2024-1' }, [], ['@acme/images:2024-10', '@acme/images:2024-10-1']],
    ['MIG_R0403', { direction: 'up', targets: '+1' }, [], [...accounts('init'), ...images('0001_init'), 'app:start']],
    ['MIG_R0403', { direction: 'up', targets: '@acme/accounts:init+1' }, [], accounts('names', 'mail')],
    ['MIG_R0403', { direction: 'down', targets: 'merged-1' }, ALL, accounts('names', 'mail')],
    ['MIG_R0403', { direction: 'down', targets: '@acme/accounts@-2' }, ALL, accounts('names', 'mail')],
    ['MIG_R0404', { direction: 'up', targets: 'app@+3' }, [], []],
    ['MIG_R0404', { direction: 'down', targets: 'app@-1' }, [], []],
    ['MIG_R0404', { direction: 'up', targets: 'app:next+1' }, [], []],
    ['MIG_R0404', { direction: 'down', targets: 'app:next-3' }, ALL, []],
    ['MIG_R0405', { direction: 'up', targets: 'app@base' }, ALL, []],
    ['MIG_R0405', { direction: 'up', targets: '-1' }, accounts('init'), []],
    ['MIG_R0405', { direction: 'down', targets: 'app' }, ALL, []],
    ['MIG_R0405', { direction: 'down', targets: '+1' }, [], []],
    ['MIG_R0405', { direction: 'up', targets: 'app@-9' }, [], []],
    ['MIG_R0408', { direction: 'down', targets: 'app:next' }, ['app:start'], ['app:next']],
  ])('%s: %j', (code, request, applied, ids) => {
    const error = refused(situationOf(graph, applied), request)
    expect({ code: error.code, ids: error.ids }).toEqual({ code, ids })
    expect(error.message).toBe(`[${code}] ${error.text}\n  next: ${error.next}`)
  })

  it('says how far steps can go', () => {
    const request: PlanRequest = { direction: 'up', targets: 'app@+5' }
    expect(refused(situationOf(graph, []), request).text).toBe('"app@+5" asks for more steps than there are: 2 steps.')
  })
})

describe('several targets', () => {
  it('go both ways only when that is asked for', () => {
    const situation = situationOf(graph, [...accounts('init', 'names'), ...images('0001_init')])
    const targets = ['@acme/accounts:init', '@acme/images:0002_sizes']
    const error = refused(situation, { direction: 'to', targets })
    expect(error).toMatchObject({ code: 'MIG_R0405', ids: [...accounts('names'), ...images('0002_sizes')] })
    expect(shown(planMigrations(situation, { direction: 'mixed', targets }))).toEqual([
      '-@acme/accounts:names',
      '+@acme/images:0002_sizes',
    ])
  })

  it('that contradict each other are refused, whatever is applied', () => {
    const request: PlanRequest = { direction: 'mixed', targets: ['app@head', '@acme/images@base'] }
    const ids = [...images('0001_init', '0002_sizes'), 'app:next']
    expect(refused(situationOf(graph, ALL), request)).toMatchObject({ code: 'MIG_R0409', ids })
    expect(refused(situationOf(graph, []), request)).toMatchObject({ code: 'MIG_R0409', ids })
  })
})

describe('selections', () => {
  it('need what they leave out', () => {
    const error = refused(situationOf(graph, ['app:start']), { direction: 'up', only: ['next', '0002_sizes'] })
    expect(error).toMatchObject({ code: 'MIG_R0406', ids: images('0001_init') })
    const down = refused(situationOf(graph, ALL), { direction: 'down', only: ['@acme/images:2024-10', '0001_init'] })
    expect(down.ids).toEqual([...images('0002_sizes', '0002_sizes_again'), 'app:next'])
  })

  it('may skip what nothing else needs', () => {
    const applied = ALL.filter((id) => !id.startsWith('app'))
    const skip = ['app:next']
    expect(planOf(applied, { direction: 'up', targets: 'heads', skip })).toEqual(['+app:start'])
    const error = refused(situationOf(graph, applied), { direction: 'up', targets: 'heads', skip: ['app:start'] })
    expect(error).toMatchObject({ code: 'MIG_R0406', ids: ['app:start'] })
  })
})

describe('stamping', () => {
  it('marks and unmarks without running, and leaves other packages alone', () => {
    const applied = [...accounts('init', 'names'), ...images('0001_init')]
    const plan = planOf(applied, { direction: 'stamp', targets: ['@acme/accounts:init', 'app'] })
    expect(plan).toEqual(['-@acme/accounts:names', '+@acme/images:0002_sizes', '+app:start', '+app:next'])
  })

  it('refuses a migration together with its ancestor', () => {
    const error = refused(situationOf(graph, []), { direction: 'stamp', targets: ['app:next', '0001_init'] })
    expect(error).toMatchObject({ code: 'MIG_R0407', ids: ['app:next', '@acme/images:0001_init'] })
  })
})

it('takes ids that are parts of each other for what they are', () => {
  const close = graphWith([
    ...migrations('a', { x1: {}, 'x1-1': {}, x11: {}, 'x1.1': {} }),
    ...migrations('a/a', { x1: {} }),
    ...migrations('aa', { a: {} }),
  ])
  const upTo = (target: string): readonly string[] => planOf([], { direction: 'up', targets: target }, close)
  expect(upTo('a:x1')).toEqual(['+a:x1'])
  expect(upTo('a:x1-1')).toEqual(['+a:x1', '+a:x1-1'])
  expect(upTo('x11')).toEqual(['+a:x1', '+a:x1-1', '+a:x11'])
  expect(upTo('a/a:x1')).toEqual(['+a/a:x1'])
  expect(upTo('a')).toEqual(['+a:x1', '+a:x1-1', '+a:x11', '+a:x1.1'])
  const error = refused(situationOf(close, []), { direction: 'up', targets: 'x1' })
  expect(error).toMatchObject({ code: 'MIG_R0402', ids: ['a:x1', 'a/a:x1'] })
})
