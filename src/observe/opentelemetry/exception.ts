import type { Redactor, SafeError } from '../redact.ts'
import { STATUS_ERROR, type SpanLike } from './api.ts'

/**
 * Marks a span as failed, with the `exception` event of the semantic conventions. Not `recordException`: it would read
 * the driver's error as it is.
 */
export function recordFailure(span: SpanLike, error: unknown, redactor: Redactor): void {
  const safe = redactor.error(error)
  const type = safe.code ?? safe.name
  span.setAttributes({ 'error.type': type })
  span.addEvent('exception', {
    'exception.type': type,
    'exception.message': safe.message,
    'exception.stacktrace': stacksOf(safe).join('\nCaused by: '),
  })
  span.setStatus({ code: STATUS_ERROR, message: safe.message })
}

function stacksOf({ name, message, stack, cause, errors = [] }: SafeError): readonly string[] {
  const inner = [cause, ...errors].flatMap((error) => (error ? stacksOf(error) : []))
  return [stack ?? `${name}: ${message}`, ...inner]
}
