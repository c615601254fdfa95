import { defineMigration } from 'unplugin-migrations/runtime'

interface Queue {
  send(message: string): Promise<void>
}

declare module 'unplugin-migrations/runtime' {
  interface Kinds {
    queue: Queue
  }
}

export default defineMigration({
  uses: { mail: 'queue', settings: 'kv' },
  async up({ mail, settings }) {
    await mail.send('moved')
    await settings.delete('moved')
    // @ts-expect-error a message is a text
    await mail.send(1)
  },
})
