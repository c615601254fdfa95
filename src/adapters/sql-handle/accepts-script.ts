import { refuseTransactionControl } from './refuse-transaction-control.ts'

/** `Scripts.accepts` of databases that speak SQL. */
export function acceptsScript(text: string): boolean {
  try {
    refuseTransactionControl(text)
    return true
  } catch {
    return false
  }
}
