import { findPicture, mediaType, readPicture } from '@acme/images'
import { type Context, type HttpEvent, type HttpResponse, json } from './http.ts'
import { migrated } from './migrated.ts'
import { listProducts } from './products.ts'
import { images, query } from './storage.ts'

export async function handler({ rawPath }: HttpEvent, context: Context): Promise<HttpResponse> {
  try {
    await migrated(context.getRemainingTimeInMillis())
  } catch (error) {
    console.log(JSON.stringify({ type: 'stopped', message: error instanceof Error ? error.message : String(error) }))
    return json(503, { error: 'The shop is being prepared, try again' })
  }
  if (rawPath === '/') return json(200, await listProducts(query))
  const hash = /^\/pictures\/([0-9a-f]{64})$/.exec(rawPath)?.[1]
  return hash === undefined ? json(404, { error: 'There is no such page' }) : answerPicture(hash)
}

async function answerPicture(hash: string): Promise<HttpResponse> {
  const picture = await findPicture(images, hash)
  if (picture === undefined) return json(404, { error: 'There is no such picture' })
  return {
    statusCode: 200,
    headers: { 'content-type': mediaType(picture) },
    body: Buffer.from(await readPicture(images, picture)).toString('base64'),
    isBase64Encoded: true,
  }
}
