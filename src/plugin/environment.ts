/** What is read of an environment of Vite 6 and later. Other hosts have none. */
export interface Environment {
  readonly name: string
  readonly mode: string
  readonly config: { readonly consumer: string }
}

/** The environment that a hook is called for. unplugin's types do not know it. */
export function environmentOf(context: object): Environment | undefined {
  return 'environment' in context ? (context.environment as Environment | undefined) : undefined
}

/** Whether code is made for a browser. A test runner may look like a client, for example with jsdom, and is none. */
export function isClient({ config }: Environment): boolean {
  return config.consumer === 'client' && !process.env['VITEST']
}
