import { literal } from './literal.ts'

/**
 * Answers in its column `settings`, as a JSON object, what a session has set, and its roles: `RESET ALL` alone would take
 * away too what whoever owns the connection has set.
 */
export const SETTINGS: string = `SELECT json_object_agg(name, setting)::text AS settings FROM (SELECT 'session_authorization' AS name, session_user::text AS setting UNION ALL SELECT 'role', current_setting('role') UNION ALL SELECT name, setting FROM pg_settings WHERE source = 'session' AND name !~ '^transaction') AS settings`

/** Statements that make a session as it was. @param settings the answer to `SETTINGS` */
export function restoring(settings: string): string {
  return `RESET ALL;SELECT set_config(key, value, false) FROM json_each_text(${literal(settings)})`
}
