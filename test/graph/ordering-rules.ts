import { migrations } from './cases.ts'
import type { Rule } from './ordering-page.ts'

const TRUNK = migrations('app', {
  init: {},
  users: {},
  billing: { parents: ['init'], labels: ['billing'] },
  invoices: {},
  merged: { parents: ['users', 'invoices'] },
})

const TWO = [
  ...migrations('images', { init: {}, sizes: {}, webp: {} }),
  ...migrations('shop', { init: {}, covers: { dependsOn: ['images:sizes'] } }),
]

const SQUASHED = migrations('app', {
  '0001': {},
  '0002': {},
  '0003': {},
  '0001_squashed': { replaces: ['app:0001', 'app:0002', 'app:0003'] },
  '0004': {},
})

const ALL = (nodes: Rule['nodes']): readonly string[] => nodes.map(({ id }) => id)

/** In the order in which one meets them. */
export const RULES: readonly Rule[] = [
  {
    title: 'Inside a package, one after the other',
    text: 'A migration comes after the one above it in its package: the order of the names, numbers by their value.',
    nodes: migrations('app', { '1_init': {}, '2_users': {}, '10_mails': {} }),
    shows: [{ what: 'order' }],
  },
  {
    title: 'Branches: `parents`',
    text: '`parents` names what a migration of the same package follows instead. Two that follow the same one start branches; one with several parents merges them. A package that ends in several migrations does not build.',
    nodes: TRUNK,
    shows: [{ what: 'order' }],
  },
  {
    title: 'Across packages: `dependsOn`',
    text: 'What a migration depends on comes first. It is a declared edge, as `parents` is: an applied migration whose declared dependency is not applied stops every run.',
    nodes: TWO,
    shows: [{ what: 'order' }],
  },
  {
    title: 'The first of a package: `<package>@base`',
    text: 'A dependency on a package as a whole would change its meaning with every version, so it is refused. `<package>@base` stands for its first migrations, which do not change.',
    nodes: [
      ...migrations('app', { init: { dependsOn: ['images@base'] } }),
      ...migrations('images', { tables: {}, buckets: { parents: [] }, sizes: { parents: ['tables', 'buckets'] } }),
    ],
    packages: [
      { name: 'images', dependencies: ['app'], optional: [] },
      { name: 'app', dependencies: [], optional: [] },
    ],
    shows: [{ what: 'order' }],
  },
  {
    title: 'Before code that is not yours: `runBefore`',
    text: 'The same the other way round. It is an implied edge: it orders, but a database that ran the other migration before this one existed is not in error.',
    nodes: [...migrations('app', { prepare: { runBefore: ['library:init'] } }), ...migrations('library', { init: {} })],
    packages: [
      { name: 'app', dependencies: ['library'], optional: [] },
      { name: 'library', dependencies: [], optional: [] },
    ],
    shows: [{ what: 'order' }],
  },
  {
    title: 'What edges leave open',
    text: 'What a package depends on by npm comes first, then the order of the names. This only chooses among the orders that the edges allow, so it cannot form a cycle, and a migration is never late because of another package.',
    nodes: [...migrations('app', { 1: {} }), ...migrations('zebra', { 1: {} }), ...migrations('bear', { 1: {} })],
    packages: [
      { name: 'app', dependencies: ['zebra', 'bear'], optional: [] },
      { name: 'bear', dependencies: ['zebra'], optional: [] },
      { name: 'zebra', dependencies: [], optional: [] },
    ],
    shows: [{ what: 'order' }],
  },
  {
    title: 'Cycles',
    text: 'A cycle has no order. The build shows the shortest one of every tangle, edge by edge, each where it is written, and tells cycles through parents, through dependencies and through both apart.',
    nodes: [
      ...migrations('images', { init: { dependsOn: ['shop:init'] } }),
      ...migrations('shop', { init: { dependsOn: ['images:init'] } }),
    ],
    shows: [{ what: 'order' }],
  },
  {
    title: 'Going up',
    text: 'A plan up to a target is what the target needs and is not applied, and nothing else. (Thick: applied.)',
    nodes: TWO,
    shows: [
      { what: 'plan', applied: ['images:init'], request: { direction: 'up', targets: 'shop:covers' } },
      { what: 'plan', applied: ['images:init'], request: { direction: 'up', targets: 'heads' } },
    ],
  },
  {
    title: 'Going down',
    text: 'A plan down to a migration takes back what follows it in its package, and what depends on that in any other. Everything else stays, dependencies too.',
    nodes: TWO,
    shows: [
      { what: 'plan', applied: ALL(TWO), request: { direction: 'down', targets: 'images:init' } },
      { what: 'plan', applied: ALL(TWO), request: { direction: 'down', targets: 'shop@base' } },
    ],
  },
  {
    title: 'One branch of several',
    text: 'A label names the branch that starts where it is written: the migrations since the last fork, and all that follow in the package. It goes down without its siblings.',
    nodes: TRUNK.filter(({ id }) => id !== 'app:merged'),
    shows: [
      {
        what: 'plan',
        applied: ['app:init', 'app:users', 'app:billing', 'app:invoices'],
        request: { direction: 'down', targets: 'billing@base' },
      },
    ],
  },
  {
    title: 'Steps',
    text: 'A step up is the one migration that may come next; a step down takes back the one that nothing else follows. Where there are several, they are named and none is chosen.',
    nodes: TRUNK,
    shows: [
      { what: 'plan', applied: ['app:init'], request: { direction: 'up', targets: '+1' } },
      { what: 'plan', applied: ['app:init'], request: { direction: 'up', targets: 'billing@+2' } },
      { what: 'plan', applied: ALL(TRUNK), request: { direction: 'down', targets: '-1' } },
    ],
  },
  {
    title: 'Both directions',
    text: 'Several targets may need one plan down and one up. It is made only when it is asked for as `mixed`.',
    nodes: TWO,
    shows: [
      {
        what: 'plan',
        applied: ['images:init', 'shop:init'],
        request: { direction: 'to', targets: ['shop@base', 'images:sizes'] },
      },
      {
        what: 'plan',
        applied: ['images:init', 'shop:init'],
        request: { direction: 'mixed', targets: ['shop@base', 'images:sizes'] },
      },
    ],
  },
  {
    title: 'Selections',
    text: '`only` and `skip` choose migrations one by one. A selection must be closed: going up it holds, or finds applied, all that it needs; going down, all that needs it.',
    nodes: TWO,
    shows: [
      { what: 'plan', applied: ['images:init'], request: { direction: 'up', only: ['images:sizes', 'shop:init'] } },
      { what: 'plan', applied: ['images:init'], request: { direction: 'up', only: ['shop:init', 'shop:covers'] } },
    ],
  },
  {
    title: 'Effective heads',
    text: 'Of what is applied, the effective heads are those that nothing else applied follows. `images:sizes` is hidden while `shop:covers`, which depends on it, is applied, and shows again when that goes.',
    nodes: TWO,
    shows: [
      { what: 'heads', applied: ['images:init', 'images:sizes', 'shop:init', 'shop:covers'] },
      { what: 'heads', applied: ['images:init', 'images:sizes', 'shop:init'] },
    ],
  },
  {
    title: 'Late migrations',
    text: 'A pending migration is late when an applied one of its package follows it by an implied edge: a branch was merged after the other was deployed. The policy `outOfOrder` decides; by default it runs, with a warning.',
    nodes: TWO,
    shows: [{ what: 'history', applied: ['images:init', 'images:webp'] }],
  },
  {
    title: 'Applied before a dependency',
    text: 'An applied migration whose declared dependency is pending makes the history inconsistent. Nothing runs until it is mended.',
    nodes: TWO,
    shows: [{ what: 'history', applied: ['images:init', 'shop:init', 'shop:covers'] }],
  },
  {
    title: 'Squashes: `replaces`',
    text: 'A squash stands for migrations that came before, of any package, other squashes included. Both stay in the code until every database has them. A squash comes after all that it replaces and before all that follows any of it, so one order serves every database. (Dashed: not used here.)\n\nOn a new database the squash runs. Where all that it replaces is applied, it counts as applied. Where a part is, the originals go on; when these are gone from the code, that is an error which names them.',
    nodes: SQUASHED,
    shows: [
      { what: 'order' },
      { what: 'plan', applied: [], request: { direction: 'up', targets: 'heads' } },
      {
        what: 'plan',
        applied: ['app:0001', 'app:0002', 'app:0003'],
        request: { direction: 'up', targets: 'heads' },
      },
      { what: 'plan', applied: ['app:0001'], request: { direction: 'up', targets: 'heads' } },
    ],
  },
  {
    title: 'What runs again: `repeatable`',
    text: "`repeatable: 'onChange'` comes after all of its package that run once, wherever its name stands, `'always'` after everything. No edge says so, so that a new migration is not late because a repeatable one was applied before it. A `dependsOn` orders them further, and lets another package wait for one; what always runs is needed only by others that do. Whoever asks for a repeatable that is not applied asks for all of its package that run once. It is no head and no step: `-1`, `+1` and `base` pass over it, and it goes only with what it depends on. A run that leaves deferrable migrations to another one does not wait for them.",
    nodes: [
      ...migrations('app', { grants: { traits: { repeatable: 'always' } }, init: { dependsOn: ['images:views'] } }),
      ...migrations('images', { init: {}, views: { traits: { repeatable: 'onChange' } }, sizes: {} }),
    ],
    shows: [{ what: 'order' }],
  },
  {
    title: 'Marking without running',
    text: 'Stamping marks what the targets need as applied, and unmarks what follows them. A migration together with its ancestor says two things, and is refused.',
    nodes: TWO,
    shows: [
      { what: 'plan', applied: [], request: { direction: 'stamp', targets: 'shop:covers' } },
      { what: 'plan', applied: [], request: { direction: 'stamp', targets: ['shop:covers', 'images:init'] } },
    ],
  },
]
