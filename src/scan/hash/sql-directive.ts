/** What a tool calls the lines by which it splits or runs a file, though they are comments to a database. */
const DIRECTIVES: readonly RegExp[] = [
  // Drizzle
  /^-->\s*statement-breakpoint/,
  // dbmate, Atlas
  /^--\s*(?:migrate|atlas):/i,
  // goose, sql-migrate
  /^--\s*\+(?:goose|migrate)\b/i,
  // node-pg-migrate, sqlite
  /^--[\s-]*(?:up|down)(?:\s+migration|\s*$)/i,
  // graphile-migrate, Play
  /^--!|^(?:--|#)[\s-]*!(?:ups|downs)\b/i,
  // sqlx, tern, MyBatis
  /^--\s*no-transaction\b|^----\s*(?:create above|tern:)|^--\s*\/\/\s*@/i,
  // Liquibase
  /^--\s*(?:liquibase|changeset|rollback|precondition|validchecksum)/i,
  // rambler
  /^--\s*rambler\s+(?:up|down)\b/i,
]

/** Whether a comment is program to a tool that people have: then it counts, as what it says decides what runs. */
export function isDirective(comment: string): boolean {
  return DIRECTIVES.some((directive) => directive.test(comment))
}
