import { printTable } from './print-table.mjs'

/**
 * Prints the tables, the log and the keys.
 * @param {import('./snapshot.mjs').Snapshot} snapshot
 */
export function printSnapshot({ tables, types, log, events, avatars }) {
  for (const [table, rows] of tables) printTable(table, rows, types.get(table))
  printTable('unplugin_migrations', log.map(columnsOfLog))
  printTable('unplugin_migrations of the second instance', avatars.log.map(columnsOfLog))
  printTable(
    'events',
    [...(events ?? [])].map(([key, value]) => ({
      key,
      value: Array.isArray(value) ? `${value.length} visits` : value,
    })),
  )
}

/** @param {import('./databases/database.d.mts').Row} row */
function columnsOfLog({ serial, kind, id, hash, at }) {
  return { serial, kind, id, hash, at }
}
