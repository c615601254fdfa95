/** `012`: commands that take back, mark, move the state and repair. */
export const RUN_ADMIN = {
  MIG_R0120: {
    title: 'Migrations that cannot be taken back',
    why: 'They say `down: false`, or this build holds no `down` of theirs. The plan needs it, so nothing ran.',
    fix: 'Leave them out, or write a new migration that undoes what they did. A build without `down` cannot take anything back: use one that has it.',
  },
  MIG_R0121: {
    title: 'A failed run could not be taken back',
    why: 'A migration failed, and so did taking back what the same run had applied (`onFailure: "revert-run"`). What is named stays applied.',
    fix: 'See both causes: the first is why the run failed. `status` says what is applied.',
  },
  MIG_R0122: {
    title: 'Nothing to move',
    why: 'The store that the state is to be moved from holds none, or it is the one that it is to be moved to.',
    fix: 'Name the store that has the state first, then the one that is to have it.',
  },
  MIG_R0123: {
    title: 'A migration is applied in part',
    why: 'Some of its steps or statements are applied, and it comes after what is to be taken back: it would go on from there on other ground.',
    fix: 'Apply the rest of it first, then take both back.',
  },
  MIG_R0124: {
    title: 'A state that cannot be rebuilt',
    why: 'A target whose changes are no transactions has no log of its own, and the state that told what was applied there is lost. Nothing was written.',
    fix: 'Look at what is applied there, and say so with `baseline`.',
  },
  MIG_R0125: {
    title: 'Nothing to resolve',
    why: 'The attempt that is named is not in doubt: it is done, somebody resolved it, it is of another migration, or it never was.',
    fix: 'Take the attempt from the error (`MIG_R0212`, `MIG_R0231`, `MIG_R0236`, `MIG_R0270`, `MIG_R0272`). `history` says what came of others.',
  },
  MIG_R0126: {
    title: 'Nothing to release',
    why: 'Nobody holds the storage with that token: somebody else has its lock or its lease by now, nobody has, or its locks end with whoever holds them.',
    fix: 'Take the token from the error (`MIG_R0205`, `MIG_R0235`), after you have made sure that nothing runs there.',
  },
} as const
