import { createHash } from 'node:crypto'
import { same } from './checks.mjs'
import { countOfVisits } from './check-visits.mjs'
import { rowsOf } from './snapshot.mjs'

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

  const images = rowsOf(snapshot, 'images')
  const wanted = new Set([
    ...images.map(({ hash }) => `/pictures/${hash}`),
    ...snapshot.avatars.images.map(({ hash }) => `/avatars/${hash}`),
  ])
  const sources = new Set([...text.matchAll(/src="([^"]+)"/g)].map(([, source]) => source ?? ''))
  const problems = [...same('addresses', [...sources].toSorted(), [...wanted].toSorted())]
  for (const source of sources) problems.push(...(await pictureProblem(new URL(source, url))))
  check(`the page shows ${sources.size} pictures, each of them the bytes that its address names`, problems)

  const bookings = rowsOf(snapshot, 'bookings')
  check('the page lists every booking, and escapes what people wrote', [
    ...same('rows', text.match(/<th scope="row">/g)?.length, bookings.length),
    ...['Dunes &lt;south&gt;', 'Mairéad O&#39;Shea', '&quot;the long way round&quot;'].flatMap((part) =>
      text.includes(part) ? [] : [`${part} is missing`],
    ),
    ...(text.includes('<south>') ? ['<south> is not escaped'] : []),
  ])

  const visits = countOfVisits(snapshot)
  const seen = [...text.matchAll(/seen (once|(\d+) times)/g)].map(([, , times]) => Number(times ?? 1))
  check(
    'the page counts the visits',
    same(
      'visits',
      seen,
      images.map(({ id }) => visits.get(id) ?? 0),
    ),
  )
}

/** @param {URL} address */
async function pictureProblem(address) {
  const response = await fetch(address)
  const hash = createHash('sha256')
    .update(new Uint8Array(await response.arrayBuffer()))
    .digest('hex')
  return same(address.pathname, [response.status, address.pathname.split('/').at(-1)], [200, hash])
}
