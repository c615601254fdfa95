import { createHash } from 'node:crypto'
import { same } from './checks.mjs'

/**
 * Opens the page as a browser would, with all of its pictures.
 * @param {import('./checks.mjs').Checks} checks
 * @param {string} url
 * @param {import('./snapshot.mjs').Snapshot} snapshot
 */
export async function checkPage({ check }, url, snapshot) {
  const health = await fetch(new URL('health', url))
  const page = await fetch(url)
  const text = await page.text()
  check('the page and /health answer', [...same('status', [page.status, health.status], [200, 200])])

  const sources = new Set([...text.matchAll(/src="([^"]+)"/g)].map(([, source]) => source ?? ''))
  const images = snapshot.tables.get('images') ?? []
  const hashes = new Set(images.map((row) => String(row['hash'])))
  const problems = [
    ...same('addresses', [...sources].toSorted(), [...hashes].map((hash) => `/pictures/${hash}`).toSorted()),
  ]
  for (const source of sources) {
    const response = await fetch(new URL(source, url))
    const hash = createHash('sha256')
      .update(new Uint8Array(await response.arrayBuffer()))
      .digest('hex')
    problems.push(...same(source, [response.status, `/pictures/${hash}`], [200, source]))
  }
  check(`the page shows ${sources.size} pictures, each of them the bytes that its address names`, problems)

  const bookings = snapshot.tables.get('bookings') ?? []
  check('the page lists every booking, and escapes what people wrote', [
    ...same('rows', text.match(/<th scope="row">/g)?.length, bookings.length),
    ...['Dunes &lt;south&gt;', 'Mairéad O&#39;Shea', '&quot;the long way round&quot;'].flatMap((part) =>
      text.includes(part) ? [] : [`${part} is missing`],
    ),
    ...(text.includes('<south>') ? ['<south> is not escaped'] : []),
  ])
}
