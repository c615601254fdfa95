import type { CatalogueEntry } from './diagnostic.ts'

/** `04`: requests that cannot be planned. Nothing was changed: planning reads only. */
export const PLAN = {
  MIG_R0401: {
    title: 'A target that nothing matches',
    why: 'A target is `heads`, `base`, an id, the begin of a name, a package, `<package>@head`, `<label>@base`, or steps from one of them. Names are matched exactly, upper and lower case included.',
    fix: 'Correct the name. `status` lists what there is.',
  },
  MIG_R0402: {
    title: 'A target with several matches',
    why: 'The text begins the names of several migrations, or can be read in two ways. Nothing is guessed: all matches are listed.',
    fix: 'Write more of the name, or the whole id `<package>:<name>`.',
  },
  MIG_R0403: {
    title: 'Steps that may go to several branches',
    why: 'A step goes to the one migration that comes next, or takes back the one that nothing else follows. Here there are several, which are listed.',
    fix: 'Name the branch: `<package>@+1`, `<label>@-1`, or the id to go to.',
  },
  MIG_R0404: {
    title: 'Steps that lead too far',
    why: 'There are fewer migrations in this direction than steps were asked for.',
    fix: 'Ask for fewer steps, or for `heads` or `base`.',
  },
  MIG_R0405: {
    title: 'A target of the other direction',
    why: 'Going up never takes anything back, and going down never applies anything. A plan that does both runs only when it is asked for as such.',
    fix: 'Use the other direction, or ask for a mixed plan.',
  },
  MIG_R0406: {
    title: 'A selection that is not closed',
    why: 'What was selected needs migrations that were left out: upwards what it depends on, downwards what depends on it. Running it would make an inconsistent history.',
    fix: 'Select the migrations that are listed as well, or leave out those that need them.',
  },
  MIG_R0407: {
    title: 'A migration together with its ancestor',
    why: 'Marking a migration as applied marks all that comes before it, so naming an ancestor beside it says two different things.',
    fix: 'Name the later one only.',
  },
  MIG_R0408: {
    title: 'Down to a migration that is not applied',
    why: 'Going down keeps its target and takes back what follows. The target is not applied, so there is nothing to keep.',
    fix: 'Go up to it, or down to one that is applied.',
  },
  MIG_R0409: {
    title: 'Targets that contradict each other',
    why: 'What one target asks for needs what another target takes back.',
    fix: 'Leave one of the targets out.',
  },
  MIG_R0410: {
    title: 'A migration that was replaced here',
    why: 'A squash stands for it on these storages and runs or was applied as a whole, so there is no state between the migrations that it replaces.',
    fix: 'Name the squash.',
  },
} as const

export type PlanCode = keyof typeof PLAN

/** `PLAN` for whoever looks a code up. */
export const PLAN_CATALOGUE: Readonly<Record<PlanCode, CatalogueEntry>> = PLAN
