// What the runtime of AWS Lambda does with a bundle: `node lambda.mjs <bundle> <event> …` imports it and invokes its
// handler with one event after the other. Each answer is a line on stdout.
import { pathToFileURL } from 'node:url'

const [bundle, ...events] = process.argv.slice(2)
if (bundle === undefined) throw new Error('node lambda.mjs <bundle> <event> …')
const { handler } = await import(pathToFileURL(bundle).href)
const end = Date.now() + 30_000
for (const event of events) {
  const response = await handler(JSON.parse(event), { getRemainingTimeInMillis: () => end - Date.now() })
  console.log(JSON.stringify({ type: 'answer', response }))
}
// An instance is frozen and thrown away, connections and all.
process.exit()
