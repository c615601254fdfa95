import { findPicture, listPictures, mediaType, readPicture } from '@acme/images'
import { countVisits } from '@acme/activity'
import { listBookings } from '@acme/bookings'
import { Hono } from 'hono'
import { readEvents } from './events.ts'
import { page } from './page.ts'
import { filesFolder, query } from './storage.ts'

export const site: Hono = new Hono()

site.get('/health', (context) => context.json({ ok: true }))

site.get('/', async (context) =>
  context.html(
    page({ pictures: listPictures(query), bookings: listBookings(query), visits: countVisits(await readEvents()) }),
  ),
)

site.get('/pictures/:hash', async (context) => {
  const picture = findPicture(query, context.req.param('hash'))
  if (picture === undefined) return context.notFound()
  return context.body(new Uint8Array(await readPicture(filesFolder, picture)), 200, {
    'content-type': mediaType(picture),
    'x-content-type-options': 'nosniff',
    // The address is the content: it never changes.
    'cache-control': 'public, max-age=31536000, immutable',
  })
})
