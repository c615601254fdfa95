import type { MigrationEvent } from '../../runtime/options.ts'
import type { Redactor } from '../redact.ts'
import { OUTCOME_WORDS } from '../outcome-word.ts'
import { advice, failureLine } from './error-line.ts'
import { type Line, formatDuration } from './line.ts'

/** The line that stays of an event, all of it redacted. `undefined` for what only moves the line that is rewritten. */
export function describeEvent(event: MigrationEvent, redactor: Redactor): Line | undefined {
  const { text, lines } = redactor
  switch (event.type) {
    case 'applied':
      return {
        word: OUTCOME_WORDS[event.kind],
        tone: 'good',
        subject: text(event.id),
        target: text(event.target),
        detail: formatDuration(event.ms),
      }
    case 'overtaken':
      return {
        word: 'overtaken',
        tone: 'quiet',
        subject: text(event.id),
        target: text(event.target),
        detail: 'another process was first',
      }
    case 'skipped':
      return { word: 'skipped', tone: 'quiet', subject: text(event.id) }
    case 'log': {
      const [detail = '', ...more] = lines(event.message)
      return { word: 'log', tone: 'quiet', subject: text(event.id), detail, more }
    }
    case 'waiting': {
      const detail = `${text(event.reason)}, since ${new Date().toISOString()}`
      return { word: 'waiting', tone: 'warning', subject: text(event.target), detail }
    }
    case 'finding': {
      const [detail = '', ...more] = lines(event.finding.text)
      const below = [...more, ...advice(event.finding.code)]
      return { word: 'finding', tone: 'warning', subject: text(event.finding.id), detail, more: below }
    }
    case 'failed':
      return failureLine(event.error, redactor)
    case 'untidied': {
      const detail = `${redactor.error(event.error).message}; the next run tries again`
      return { word: 'untidied', tone: 'warning', subject: text(event.target), detail }
    }
    default:
      return undefined
  }
}
