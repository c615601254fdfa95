/** What is used of an event of a function URL, or of API Gateway with payload format 2.0. */
export interface HttpEvent {
  readonly rawPath: string
}

/** What is used of AWS Lambda's context. */
export interface Context {
  getRemainingTimeInMillis(): number
}

export interface HttpResponse {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly isBase64Encoded?: boolean
}

export function json(statusCode: number, value: object): HttpResponse {
  return { statusCode, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) }
}
