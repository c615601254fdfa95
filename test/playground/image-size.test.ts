import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { imageSize } from '../../playground/packages/images/migrations/_image-size.ts'
import { encodePng } from '../../playground/play/png.mjs'

const market = readFileSync(
  fileURLToPath(new URL('../../playground/older-release/pictures/market.jpeg', import.meta.url)),
)
const png = encodePng(70, 300, new Uint8Array(70 * 300 * 3))

/** A JPEG segment with its length. */
function segment(marker: number, body: readonly number[]): readonly number[] {
  return [0xff, marker, (body.length + 2) >> 8, (body.length + 2) & 0xff, ...body]
}

/** Precision 8, height, width, no components. */
function frame(marker: number, width: number, height: number): readonly number[] {
  return segment(marker, [8, height >> 8, height & 0xff, width >> 8, width & 0xff, 0])
}

function jpeg(...parts: readonly (readonly number[])[]): Uint8Array {
  return new Uint8Array([0xff, 0xd8, ...parts.flat()])
}

describe('the size of a PNG', () => {
  it('is in its header', () => {
    expect(imageSize(png, 'a.png')).toEqual({ extension: 'png', width: 70, height: 300 })
  })

  it('is read from the middle of a bigger buffer', () => {
    const shared = new Uint8Array([1, 2, 3, ...png]).subarray(3)
    expect(imageSize(shared, 'a.png')).toEqual({ extension: 'png', width: 70, height: 300 })
  })

  it.each([0, 7, 8, 23])('is refused after %i bytes', (length) => {
    expect(() => imageSize(png.subarray(0, length), 'cut.png')).toThrow('cut.png is neither a PNG nor a JPEG')
  })

  it('is refused where the first chunk is another', () => {
    const bytes = new Uint8Array(png)
    bytes[12] = 0x4a
    expect(() => imageSize(bytes, 'odd.png')).toThrow('odd.png is neither')
  })

  it('is refused when it is 0', () => {
    expect(() => imageSize(encodePng(0, 5, new Uint8Array(0)), 'flat.png')).toThrow('flat.png has a header without')
  })
})

describe('the size of a JPEG', () => {
  it('of another encoder is found', () => {
    expect(imageSize(market, 'market.jpeg')).toEqual({ extension: 'jpg', width: 540, height: 405 })
  })

  it.each([
    ['baseline', 0xc0],
    ['progressive', 0xc2],
    ['arithmetic', 0xc9],
    ['SOF15', 0xcf],
  ])('is in the frame header: %s', (_, marker) => {
    expect(imageSize(jpeg(frame(marker, 1000, 7)), 'a.jpg')).toEqual({ extension: 'jpg', width: 1000, height: 7 })
  })

  it('is not the one of the preview inside EXIF', () => {
    const preview = segment(0xe1, [...jpeg(frame(0xc0, 16, 12))])
    expect(imageSize(jpeg(preview, frame(0xc2, 4000, 3000)), 'a.jpg')).toMatchObject({ width: 4000, height: 3000 })
  })

  it('is found behind tables that share the range of markers, fill bytes and markers without a length', () => {
    const bytes = jpeg(
      segment(0xc4, [1, 2, 3, 4, 5, 6, 7, 8]),
      segment(0xc8, [9, 9, 9, 9, 9, 9]),
      segment(0xcc, [1, 1, 1, 1, 1, 1]),
      [0xff, 0x01],
      [0xff, 0xd0],
      [0xff, 0xff, 0xff],
      frame(0xc1, 33, 44),
    )
    expect(imageSize(bytes, 'a.jpg')).toMatchObject({ width: 33, height: 44 })
  })

  it('is refused where the scan or the end comes first', () => {
    expect(() => imageSize(jpeg(segment(0xda, [0]), frame(0xc0, 3, 3)), 'a.jpg')).toThrow('a.jpg is neither')
    expect(() => imageSize(jpeg([0xff, 0xd9], frame(0xc0, 3, 3)), 'b.jpg')).toThrow('b.jpg is neither')
  })

  it('is refused for every file that ends before it, and no read leaves the file', () => {
    const whole = jpeg(segment(0xe0, [1, 2, 3, 4]), frame(0xc0, 640, 480))
    for (let length = 0; length < whole.length - 1; length += 1) {
      expect(() => imageSize(whole.subarray(0, length), 'cut.jpg')).toThrow('cut.jpg is neither')
    }
  })

  it('is refused when a length leads out of the file', () => {
    expect(() => imageSize(new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0xff, 0xff, 0, 0, 0, 0, 0]), 'a.jpg')).toThrow(
      'a.jpg is neither',
    )
  })
})
