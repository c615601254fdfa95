import { crc32, deflateSync } from 'node:zlib'

/**
 * An 8-bit RGB picture as PNG (third edition): signature, IHDR, one IDAT, IEND.
 * @param {number} width
 * @param {number} height
 * @param {Uint8Array} pixels Rows from the top, three bytes a pixel.
 * @returns {Uint8Array}
 */
export function encodePng(width, height, pixels) {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2, 0, 0, 0], 8)

  const stride = width * 3
  const rows = Buffer.alloc((stride + 1) * height)
  for (let y = 0; y < height; y += 1) {
    // Filter 1, "Sub": each byte less the one of the pixel to its left. Gradients shrink to little.
    rows[y * (stride + 1)] = 1
    for (let x = 0; x < stride; x += 1) {
      const left = x < 3 ? 0 : (pixels[y * stride + x - 3] ?? 0)
      rows[y * (stride + 1) + 1 + x] = (pixels[y * stride + x] ?? 0) - left
    }
  }
  const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
  return Buffer.concat([
    Buffer.from(signature),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/**
 * @param {string} type
 * @param {Buffer} data
 */
function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, sum])
}
