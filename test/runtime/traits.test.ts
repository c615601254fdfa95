import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { betterSqlite3 } from '../../src/adapters/better-sqlite3.ts'
import { memory } from '../../src/adapters/memory.ts'
import { createMigrator } from '../../src/admin.ts'
import type { Manifest } from '../../src/graph/manifest.ts'
import type { Sql } from '../../src/runtime/handles.ts'
import { type CheckOptions, check } from '../../src/runtime/check.ts'
import { type HookFunctions, hooks } from '../../src/runtime/hooks.ts'
import { migrate } from '../../src/runtime/migrate.ts'
import type { MigrationEvent, Options, Result } from '../../src/runtime/options.ts'
import { plan } from '../../src/runtime/plan.ts'
import { status } from '../../src/runtime/status.ts'
import { type TestMigration, manifestOf, migration } from './manifest.ts'

const init = migration({ id: 'app:0001_init', uses: { db: 'sql' }, sql: 'create table done (what text)' })

type Handles = { readonly db: Sql }

/** A migration that leaves a line in the table. @param members of its module */
function line(name: string, more: Partial<TestMigration> = {}, members: object = {}): TestMigration {
  const up = ({ db }: Handles): Promise<void> => db.run`insert into done values (${name})`
  const load = async (): Promise<unknown> => ({ default: { up, ...members } })
  return { id: `app:${name}`, uses: { db: 'sql' }, load, ...more }
}

class App {
  readonly database = new Database(':memory:')
  readonly adapter = betterSqlite3(this.database)

  run(manifest: Manifest, more: Partial<Options> = {}): Promise<Result> {
    return migrate(manifest, { adapters: { db: this.adapter }, state: 'db', ...more })
  }

  check(manifest: Manifest, more: Partial<CheckOptions> = {}): Promise<Result> {
    return check(manifest, { adapters: { db: this.adapter }, state: 'db', ...more })
  }

  lines(): readonly unknown[] {
    return this.database.prepare('select what from done order by rowid').pluck().all()
  }

  entries(): number {
    return Number(this.database.prepare('select count(*) from unplugin_migrations').pluck().get())
  }
}

describe('when', () => {
  const manifestWith = (answer: () => boolean, ...more: readonly TestMigration[]): Manifest =>
    manifestOf([
      init,
      line('0002_maybe', { has: ['up', 'when'] }, { when: async () => answer() }),
      line('0003_after', { dependsOn: ['app:0002_maybe'], follows: [] }),
      line('0004_beside', { follows: ['app:0002_maybe'] }),
      ...more,
    ])

  it('leaves a migration pending, and with it what depends on it, and nothing else', async () => {
    const app = new App()
    const result = await app.run(manifestWith(() => false))
    expect(app.lines()).toEqual(['0004_beside'])
    expect(result).toMatchObject({
      outcome: 'migrated',
      findings: [
        { code: 'MIG_R0308', id: 'app:0002_maybe' },
        { code: 'MIG_R0308', id: 'app:0003_after' },
      ],
    })
  })

  it('is not asked again by the same build, and asked by one with other migrations', async () => {
    const app = new App()
    let asked = 0
    const answer = (): boolean => ++asked > 1
    await app.run(manifestWith(answer))
    await app.run(manifestWith(answer))
    expect(asked).toBe(1)
    const result = await app.run(manifestWith(answer, line('0005_more', { follows: [] })))
    expect(asked).toBe(2)
    expect(app.lines()).toEqual(['0004_beside', '0002_maybe', '0003_after', '0005_more'])
    expect(result.findings).toEqual([])
  })

  it('is not asked again by the same build where something runs in every run, and is by one with other migrations', async () => {
    const app = new App()
    let asked = 0
    const answer = (): boolean => ++asked > 1
    const always = (name: string): TestMigration => line(name, { traits: { repeatable: 'always' }, follows: [] })
    const after = { ...always('zz_after'), dependsOn: ['app:0003_after'] }
    const whole = manifestWith(answer, always('zz_always'), after)
    for (const _ of [1, 2, 3]) await app.run(whole)
    expect(asked).toBe(1)
    expect(app.lines()).toEqual(['0004_beside', 'zz_always', 'zz_always', 'zz_always'])
    await app.run(manifestWith(answer, line('0005_more', { follows: [] }), always('zz_always'), after))
    expect(asked).toBe(2)
    expect(app.lines().slice(4)).toEqual(['0002_maybe', '0003_after', '0005_more', 'zz_always', 'zz_after'])
  })

  it('that said no is no work for the next run of the same build, and pending until somebody asks', async () => {
    const app = new App()
    let answer = false
    const manifest = manifestWith(() => answer)
    const options = { adapters: { db: app.adapter }, state: 'db' } as const
    expect((await plan(manifest, options)).migrations).toHaveLength(4)
    await app.run(manifest)
    expect((await plan(manifest, options)).migrations).toEqual([])
    const states = async (): Promise<readonly string[]> =>
      (await status(manifest, options)).migrations.map(({ state }) => state)
    expect(await states()).toEqual(['applied', 'pending', 'pending', 'applied'])
    answer = true
    await createMigrator(manifest, options).up()
    expect(await states()).toEqual(['applied', 'applied', 'applied', 'applied'])
  })

  it('commits nothing of what it did itself', async () => {
    const app = new App()
    const when = async ({ db }: Handles): Promise<boolean> => {
      await db.run`insert into done values ('asked')`
      return false
    }
    const asking = line('0002_asking', { has: ['up', 'when'] }, { when })
    await app.run(manifestOf([init, asking]))
    expect(app.lines()).toEqual([])
    expect(app.database.inTransaction).toBe(false)
  })
})

describe('probe', () => {
  it('marks as applied what is there already, and runs what is not', async () => {
    const app = new App()
    app.database.exec("create table done (what text); insert into done values ('by hand')")
    const probing = (name: string) => ({
      probe: async ({ db }: Handles) => (await db.rows`select 1 from sqlite_master where name = ${name}`).length > 0,
    })
    const up = async ({ db }: Handles): Promise<void> => db.script('create table done (what text)')
    const has = ['up', 'probe'] as const
    const create = line('0001_create', { has }, { ...probing('done'), up })
    const manifest = manifestOf([create, line('0002_other', { has }, probing('other'))])
    await app.run(manifest)
    expect(app.lines()).toEqual(['by hand', '0002_other'])
    expect(await app.run(manifest)).toMatchObject({ outcome: 'current' })
    const marked = app.database.prepare(
      "select json_extract(rest, '$.data.probed') from unplugin_migrations where kind = 'up'",
    )
    expect(marked.pluck().all()).toEqual([1, null])
  })
})

describe('repeatable', () => {
  const always = line('zz_always', { traits: { repeatable: 'always' }, follows: [] })
  const onChange = (hash: string): TestMigration =>
    line('view', { traits: { repeatable: 'onChange' }, follows: [], hash })

  it('runs again when it changed, and only then', async () => {
    const app = new App()
    expect((await app.run(manifestOf([init, onChange('h0:1')]))).outcome).toBe('migrated')
    expect((await app.run(manifestOf([init, onChange('h0:1')]))).outcome).toBe('current')
    const again = await app.run(manifestOf([init, onChange('h0:2')]))
    expect(again).toMatchObject({ outcome: 'migrated', findings: [] })
    expect((await app.run(manifestOf([init, onChange('h0:2')]))).outcome).toBe('current')
    expect(app.lines()).toEqual(['view', 'view'])
  })

  it('stops where another change has run with the same number, and goes on with the next', async () => {
    const app = new App()
    const build = (revision: number, hash: string): Manifest =>
      manifestOf([init, line('view', { traits: { repeatable: 'onChange', revision }, follows: [], hash })])
    await app.run(build(1, 'h0:base'))
    await app.run(build(2, 'h0:one'))
    await expect(app.run(build(2, 'h0:other'))).rejects.toMatchObject({ code: 'MIG_R0301', id: 'app:view' })
    const { findings } = await app.run(build(2, 'h0:other'), { changed: 'warn' })
    expect(findings).toMatchObject([{ code: 'MIG_R0301', id: 'app:view' }])
    expect((await app.run(build(1, 'h0:base'))).findings).toEqual([])
    expect((await app.run(build(3, 'h0:both'))).applied).toMatchObject([{ id: 'app:view' }])
  })

  it('runs again under a higher number only, where the lock file counts its changes', async () => {
    const app = new App()
    const numbered = (revision: number): TestMigration =>
      line('view', { traits: { repeatable: 'onChange', revision }, follows: [], hash: `h0:${revision}` })
    const run = async (revision: number): Promise<readonly string[]> =>
      (await app.run(manifestOf([init, numbered(revision)]))).applied.map(({ id }) => id)
    expect(await run(2)).toEqual(['app:0001_init', 'app:view'])
    // A server of an older release, that starts beside the newer one.
    expect(await run(1)).toEqual([])
    expect(await run(2)).toEqual([])
    expect(await run(3)).toEqual(['app:view'])
    // In development it is the hash that tells: nobody has written the number down yet.
    const undone = { ...manifestOf([init, numbered(2)]), development: true as const }
    expect((await app.run(undone)).applied).toHaveLength(1)
  })

  it('runs again when it is as it was before', async () => {
    const app = new App()
    for (const hash of ['h0:1', 'h0:2', 'h0:1', 'h0:2'])
      expect((await app.run(manifestOf([init, onChange(hash)]))).applied.at(-1)?.id).toBe('app:view')
    expect(app.lines()).toHaveLength(4)
  })

  it('runs in every run where it says always, once in each', async () => {
    const app = new App()
    for (let run = 0; run < 3; run++) {
      const { applied } = await app.run(manifestOf([init, always]))
      expect(applied.at(-1)?.id).toBe('app:zz_always')
    }
    expect(app.lines()).toEqual(['zz_always', 'zz_always', 'zz_always'])
  })

  it('does not refuse an edited one that is no longer repeatable without saying so', async () => {
    const app = new App()
    await app.run(manifestOf([init, onChange('h0:1')]))
    const fixed = line('view', { follows: [], hash: 'h0:2' })
    await expect(app.run(manifestOf([init, fixed]))).rejects.toMatchObject({ code: 'MIG_R0301' })
  })
})

describe('mode and check', () => {
  const required = line('0002_required')
  const later = line('0003_later', { traits: { deferrable: true } })
  const manifest = { ...manifestOf([init, required, later]), required: 'the digest without 0003' }

  it('leaves what is deferrable to another run, and boots cheaply all the same', async () => {
    const app = new App()
    const boot = await app.run(manifest, { mode: 'required' })
    expect(boot).toMatchObject({ outcome: 'migrated', pending: ['app:0003_later'] })
    expect(app.lines()).toEqual(['0002_required'])
    const entries = app.entries()
    expect(await app.run(manifest, { mode: 'required' })).toMatchObject({ outcome: 'current', applied: [] })
    expect(app.entries()).toBe(entries)
    const job = await app.run(manifest)
    expect(job.applied.map(({ id }) => id)).toEqual(['app:0003_later'])
    expect(await app.run(manifest, { mode: 'required' })).toMatchObject({ outcome: 'current' })
  })

  it('check runs nothing and says what is missing', async () => {
    const app = new App()
    await expect(app.check(manifest, { onPending: 'fail' })).rejects.toMatchObject({
      code: 'MIG_R0112',
      notApplied: ['app:0001_init', 'app:0002_required', 'app:0003_later'],
    })
    expect(app.database.prepare('select count(*) from sqlite_master').pluck().get()).toBe(0)
    await app.run(manifest)
    expect(await app.check(manifest, { onPending: 'fail' })).toMatchObject({ outcome: 'current' })
  })

  it('check serves without them when it is told to', async () => {
    const app = new App()
    expect(await app.check(manifest, { onPending: 'serve' })).toMatchObject({
      outcome: 'pending',
      pending: ['app:0001_init', 'app:0002_required', 'app:0003_later'],
    })
  })

  it('check waits until others have applied them', async () => {
    const app = new App()
    const checking = app.check(manifest, { wait: 20_000 })
    await app.run(manifest)
    expect(await checking).toMatchObject({ outcome: 'current', applied: [] })
  })

  it('check waits for nothing that runs at the end of every run', async () => {
    const app = new App()
    const grants = line('zz_grants', { traits: { repeatable: 'always' }, follows: [] })
    const whole = manifestOf([init, grants])
    await expect(app.check(whole, { onPending: 'fail' })).rejects.toMatchObject({ notApplied: ['app:0001_init'] })
    await app.run(whole)
    expect(await app.check(whole, { onPending: 'fail' })).toMatchObject({ outcome: 'current' })
    const more = manifestOf([init, line('0002'), grants])
    expect(await app.check(more, { onPending: 'serve' })).toMatchObject({ pending: ['app:0002'] })
  })

  it('check takes what `when` has skipped for done, whatever else runs', async () => {
    const app = new App()
    const maybe = line('0002_maybe', { has: ['up', 'when'] }, { when: async () => false })
    const whole = manifestOf([init, maybe, line('zz_grants', { traits: { repeatable: 'always' }, follows: [] })])
    await app.run(whole)
    expect(await app.check(whole, { onPending: 'fail' })).toMatchObject({ outcome: 'current' })
  })

  it('check waits no longer than it is told to', async () => {
    const app = new App()
    await expect(app.check(manifest, { wait: 30 })).rejects.toMatchObject({ code: 'MIG_R0205' })
  })
})

describe('hooks', () => {
  it('are called around the work, and awaited', async () => {
    const app = new App()
    const calls: string[] = []
    const hook = (name: string) => async (event: { readonly type: string; readonly id?: string }) => {
      await new Promise((resolve) => setTimeout(resolve, 5))
      calls.push([name, event.id, app.database.inTransaction].join(' '))
    }
    const functions = {
      beforeAll: hook('beforeAll'),
      beforeEach: hook('beforeEach'),
      afterEach: hook('afterEach'),
      afterAll: hook('afterAll'),
      onError: hook('onError'),
    }
    await app.run(manifestOf([init, line('0002')]), { hooks: hooks(functions) })
    expect(calls).toEqual([
      'beforeAll  false',
      'beforeEach app:0001_init false',
      'afterEach app:0001_init false',
      'beforeEach app:0002 false',
      'afterEach app:0002 false',
      'afterAll  false',
    ])
    calls.length = 0
    await app.run(manifestOf([init, line('0002')]), { hooks: hooks(functions) })
    expect(calls).toEqual(['afterAll  false'])
  })

  it.each(['beforeAll', 'beforeEach'])('stop the run before the work where %s throws', async (name) => {
    const app = new App()
    const functions: HookFunctions = { [name]: () => Promise.reject(new Error('no')) }
    await expect(app.run(manifestOf([init, line('0002')]), { hooks: hooks(functions) })).rejects.toMatchObject({
      code: 'MIG_R0115',
      notApplied: ['app:0001_init', 'app:0002'],
      applied: [],
    })
    await app.run(manifestOf([init, line('0002')]))
    expect(app.lines()).toEqual(['0002'])
  })

  it('stop the run after the migration where afterEach throws, and it stays', async () => {
    const app = new App()
    const functions = { afterEach: () => Promise.reject(new Error('no')) }
    await expect(app.run(manifestOf([init, line('0002')]), { hooks: hooks(functions) })).rejects.toMatchObject({
      code: 'MIG_R0115',
      applied: ['app:0001_init'],
      notApplied: ['app:0002'],
    })
  })

  it('are told of the error, and cannot replace it', async () => {
    const app = new App()
    const told: unknown[] = []
    const onError = (event: unknown): void => {
      told.push(event)
      throw new Error('of the hook')
    }
    const failing = migration({ id: 'app:0002', uses: { db: 'sql' }, sql: 'no sql' })
    const error: unknown = await app
      .run(manifestOf([init, failing]), { hooks: hooks({ onError }) })
      .catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'MIG_R0201' })
    expect(told).toEqual([{ type: 'failed', error }])
  })

  it('cannot replace it either where they are a function of somebody else, which throws at once', async () => {
    const throwing = (event: MigrationEvent): undefined => {
      if (event.type === 'failed') throw new Error('of the hook')
    }
    const failing = migration({ id: 'app:0002', uses: { db: 'sql' }, sql: 'no sql' })
    await expect(new App().run(manifestOf([init, failing]), { hooks: throwing })).rejects.toMatchObject({
      code: 'MIG_R0201',
    })
  })

  it.each(['hooks', 'onEvent'] as const)('%s that fail later, where nobody waits, end no process', async (name) => {
    const rejections: unknown[] = []
    const note = (reason: unknown): void => void rejections.push(reason)
    process.on('unhandledRejection', note)
    const places = ['log', 'committed', 'waiting', 'finding']
    const failing = async (event: MigrationEvent): Promise<void> => {
      if (places.includes(event.type)) throw new Error(`at ${event.type}`)
    }
    const telling = migration({ id: 'app:0001', uses: { db: 'sql' }, up: async ({ log }) => log('text') })
    const result = await new App().run(manifestOf([telling]), { [name]: failing })
    await new Promise((resolve) => setTimeout(resolve, 5))
    process.off('unhandledRejection', note)
    expect(rejections).toEqual([])
    expect(result.applied).toHaveLength(1)
  })
})

describe('steps', () => {
  interface Counting {
    readonly checkpoint: unknown
    readonly db: Sql
  }
  const write = ({ db }: Counting, text: string): Promise<void> => db.run`insert into done values (${text})`

  function stepwise(fails: () => string | undefined): TestMigration {
    const step = (name: string, rounds: number): unknown => ({
      name,
      async up(context: Counting) {
        const round = Number(context.checkpoint ?? 0) + 1
        await write(context, `${name} ${round}`)
        if (fails() === `${name} ${round}`) throw new Error(`failed at ${name} ${round}`)
        return round < rounds ? round : undefined
      },
    })
    return migration({
      id: 'app:0002_long',
      uses: { db: 'sql' },
      has: ['steps'],
      traits: { steps: [{ name: 'copy' }, { name: 'drop' }] },
      load: async () => ({ default: { steps: [step('copy', 3), step('drop', 1)] } }),
    } as TestMigration)
  }

  const all = ['copy 1', 'copy 2', 'copy 3', 'drop 1']

  it('run one after the other, each again until it gives back nothing', async () => {
    const app = new App()
    const { applied } = await app.run(manifestOf([init, stepwise(() => undefined)]))
    expect(app.lines()).toEqual(all)
    expect(applied.map(({ id }) => id)).toEqual(['app:0001_init', 'app:0002_long'])
  })

  it.each(all)('resume where they stopped: at %s', async (place) => {
    const app = new App()
    let fails: string | undefined = place
    const manifest = manifestOf([init, stepwise(() => fails), line('0003_after')])
    await expect(app.run(manifest)).rejects.toMatchObject({
      code: 'MIG_R0201',
      notApplied: ['app:0002_long', 'app:0003_after'],
    })
    expect(app.lines()).toEqual(all.slice(0, all.indexOf(place)))
    expect((await status(manifest, { adapters: { db: app.adapter }, state: 'db' })).migrations[1]).toMatchObject({
      state: 'pending',
    })
    fails = undefined
    await app.run(manifest)
    expect(app.lines()).toEqual([...all, '0003_after'])
  })

  it.each(all)('resume at %s under another id, and run from the start once that has ended', async (place) => {
    const app = new App()
    let fails: string | undefined = place
    const old = stepwise(() => fails)
    await expect(app.run(manifestOf([init, old]))).rejects.toMatchObject({ code: 'MIG_R0201' })
    fails = undefined
    const manifest = manifestOf([init, { ...old, id: 'app:0002_renamed', formerly: [old.id] }])
    expect((await app.run(manifest)).applied.map(({ id }) => id)).toEqual(['app:0002_renamed'])
    expect(app.lines()).toEqual(all)
    const options = { adapters: { db: app.adapter }, state: 'db' } as const
    await createMigrator(manifest, options).baseline('app:0001_init', { reason: 'done by hand' })
    await app.run(manifest)
    expect(app.lines()).toEqual([...all, ...all])
  })

  it('are a record without code, where the migration that has begun is gone', async () => {
    const app = new App()
    const old = stepwise(() => 'copy 2')
    await expect(app.run(manifestOf([init, old]))).rejects.toMatchObject({ code: 'MIG_R0201' })
    const { findings } = await app.run(manifestOf([init, line('0003_other')]))
    expect(findings).toMatchObject([{ code: 'MIG_R0302', id: old.id }])
    const retired = { ...manifestOf([init, line('0003_other')]), retired: [old.id] }
    const told = await status(retired, { adapters: { db: app.adapter }, state: 'db' })
    expect(told.findings).toMatchObject([{ code: 'MIG_R0307', id: old.id }])
  })

  it('write to a storage each, which one unit could not', async () => {
    const [one, other] = [new Database(':memory:'), new Database(':memory:')]
    const adapters = { one: betterSqlite3(one), other: betterSqlite3(other), cache: memory() }
    const manifest = manifestOf([
      migration({
        id: 'app:0001_both',
        uses: { one: 'sql', other: 'sql' },
        has: ['steps'],
        traits: {
          steps: [
            { name: 'first', uses: ['one'] },
            { name: 'second', uses: ['other'] },
          ],
        },
        load: async () => ({
          default: {
            steps: [
              {
                name: 'first',
                up: async (context: { readonly one: Sql; readonly other?: Sql }) => {
                  expect(context.other).toBeUndefined()
                  await context.one.script('create table a (x)')
                },
              },
              {
                name: 'second',
                up: async ({ other: db }: { readonly other: Sql }) => db.script('create table b (x)'),
              },
            ],
          },
        }),
      } as TestMigration),
    ])
    await migrate(manifest, { adapters, state: 'cache' })
    expect(one.prepare("select name from sqlite_master where name = 'a'").all()).toHaveLength(1)
    expect(other.prepare("select name from sqlite_master where name = 'b'").all()).toHaveLength(1)
    expect(await migrate(manifest, { adapters, state: 'cache' })).toMatchObject({ outcome: 'current' })
  })
})

describe('what a storage cannot do', () => {
  const outside = line('0002_outside', { traits: { transaction: false } })
  const stepped = {
    ...line('0003_steps', { has: ['steps'] as const, uses: { db: 'sql', other: 'sql' } }),
    traits: { steps: [{ name: 'both' }, { name: 'one', uses: ['db'] }] },
  }

  it('is refused before anything runs, with all that ask for it', async () => {
    const app = new App()
    const other = betterSqlite3(new Database(':memory:'))
    const adapters = { db: app.adapter, other }
    const refused = {
      code: 'MIG_R0118',
      message: expect.stringMatching(/0002_outside: .*db.*0003_steps: step "both": db,other/s),
    }
    const manifest = manifestOf([init, outside, stepped])
    await expect(migrate(manifest, { adapters, state: 'db' })).rejects.toMatchObject(refused)
    await expect(plan(manifest, { adapters, state: 'db' })).rejects.toMatchObject(refused)
    expect(app.database.prepare('select count(*) from sqlite_master').pluck().get()).toBe(0)
  })
})
