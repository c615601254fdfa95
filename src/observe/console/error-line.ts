import { explain } from '../../diagnostics/explain.ts'
import { failureOf } from '../failure.ts'
import type { Redactor } from '../redact.ts'
import type { Line } from './line.ts'

/** What a run stopped at: what happened, the causes that say more, what is applied and what is not, and what to do. */
export function failureLine(error: unknown, redactor: Redactor): Line {
  const { message, code, cause, errors } = redactor.error(error)
  const { id, target, text, applied, notApplied } = failureOf(error)
  const [first = '', ...rest] = redactor.lines(text ?? message)
  const shown = [first, ...rest]
  const causes = [cause, ...(errors ?? [])].flatMap((inner) => (inner ? [inner.message] : []))
  const isNew = (one: string): boolean => !shown.some((line) => line.includes(one))
  const counts = applied + notApplied > 0 ? [`${applied} applied, ${notApplied} not applied`] : []
  return {
    word: 'failed',
    tone: 'bad',
    subject: redactor.text(id ?? 'run'),
    ...(target === undefined ? {} : { target: redactor.text(target) }),
    detail: first,
    more: [...rest, ...causes.filter(isNew).map((one) => `cause: ${one}`), ...counts, ...advice(code ?? '')],
  }
}

/** What the catalogue says of a code. */
export function advice(code: string): readonly string[] {
  const page = explain(code)
  return page ? [`[${code}] ${page.title}. ${page.fix}`] : []
}
