/** A UUID: names a try, a storage or an installation, and says nothing about when. Entries have their time beside it. */
export function uniqueId(): string {
  return crypto.randomUUID()
}
