/** What the first bytes of a picture say. Width and height in pixels, above 0. */
export interface ImageSize {
  readonly extension: 'png' | 'jpg'
  readonly width: number
  readonly height: number
}

/**
 * Reads the size from a picture's own header: PNG (third edition, 11.2.1, the chunk IHDR) or JPEG (ITU-T T.81, B.2.2,
 * the frame header). `name` is for messages. Throws when the bytes are neither, end too early, or say 0.
 */
export function imageSize(bytes: Uint8Array, name: string): ImageSize {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const size = startsWith(bytes, PNG_SIGNATURE) ? pngSize(view) : startsWith(bytes, JPEG_START) ? jpegSize(view) : null
  if (size === null) throw new Error(`${name} is neither a PNG nor a JPEG with a complete header`)
  if (size.width === 0 || size.height === 0) throw new Error(`${name} has a header without a size`)
  return size
}

const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
const IHDR = 0x49484452
const JPEG_START = [0xff, 0xd8, 0xff]

function startsWith(bytes: Uint8Array, expected: readonly number[]): boolean {
  return expected.every((byte, index) => bytes[index] === byte)
}

function pngSize(view: DataView): ImageSize | null {
  if (view.byteLength < 24 || view.getUint32(12) !== IHDR) return null
  return { extension: 'png', width: view.getUint32(16), height: view.getUint32(20) }
}

function jpegSize(view: DataView): ImageSize | null {
  let at = 2
  while (at + 9 <= view.byteLength && view.getUint8(at) === 0xff) {
    const marker = view.getUint8(at + 1)
    if (marker === 0xff) {
      // Any number of 0xff may fill the space before a marker.
      at += 1
    } else if (isFrameHeader(marker)) {
      return { extension: 'jpg', width: view.getUint16(at + 7), height: view.getUint16(at + 5) }
    } else if (marker === START_OF_SCAN || marker === END_OF_IMAGE) {
      return null
    } else {
      // Segments are skipped whole: the preview inside an EXIF segment has a frame header of its own.
      at += 2 + (isStandalone(marker) ? 0 : view.getUint16(at + 2))
    }
  }
  return null
}

const START_OF_SCAN = 0xda
const END_OF_IMAGE = 0xd9

/** SOF0 to SOF15, without DHT (c4), JPG (c8) and DAC (cc), which share their range. */
function isFrameHeader(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc
}

/** TEM and RST0 to RST7 have no length. */
function isStandalone(marker: number): boolean {
  return marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)
}
