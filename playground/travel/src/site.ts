import { countVisits } from '@acme/activity'
import { listBookings } from '@acme/bookings'
import { type Images, findPicture, listPictures, mediaType, readPicture } from '@acme/images'
import { Hono } from 'hono'
import { listAvatars, setAvatar } from './avatars.ts'
import { page } from './page.ts'
import { avatars, images, query } from './storage.ts'

export const site: Hono = new Hono()

site.get('/health', (context) => context.json({ ok: true }))

site.get('/', async (context) =>
  context.html(
    page({
      pictures: await listPictures(images),
      bookings: await listBookings(query),
      visits: await countVisits(query),
      avatars: await listAvatars(),
    }),
  ),
)

site.get('/pictures/:hash', (context) => answerPicture(images, context.req.param('hash')))
site.get('/avatars/:hash', (context) => answerPicture(avatars, context.req.param('hash')))

// Nobody logs in here: a real site asks first whose account it is.
site.put('/accounts/:id{[0-9]+}/avatar', async (context) => {
  const bytes = new Uint8Array(await context.req.arrayBuffer())
  const answer = await setAvatar(Number(context.req.param('id')), bytes)
  return answer === 'set' ? context.body(null, 204) : context.notFound()
})

async function answerPicture(from: Images, hash: string): Promise<Response> {
  const picture = await findPicture(from, hash)
  if (picture === undefined) return new Response('There is no such picture', { status: 404 })
  return new Response(new Uint8Array(await readPicture(from, picture)), {
    headers: {
      'content-type': mediaType(picture),
      'x-content-type-options': 'nosniff',
      // The address is the content: it never changes.
      'cache-control': 'public, max-age=31536000, immutable',
    },
  })
}
