/**
 * @typedef {object} Scene
 * @property {number} width
 * @property {number} height
 * @property {string} top Colour of the sky, `#rrggbb`.
 * @property {string} horizon
 * @property {string} far Colour of the farthest hills.
 * @property {string} near
 * @property {string} sun
 * @property {number} seed Moves the hills and the sun.
 */

/**
 * Draws a sky with a sun and six rows of hills. The same scene gives the same pixels on every machine.
 * @param {Scene} scene
 * @returns {Uint8Array} Rows from the top, three bytes a pixel.
 */
export function drawScene(scene) {
  const { width, height, seed } = scene
  const [top, horizon, far, near, sun] = [scene.top, scene.horizon, scene.far, scene.near, scene.sun].map(rgb)
  const pixels = new Uint8Array(width * height * 3)
  const sunX = 0.2 + 0.6 * fraction(seed * 0.618)
  const sunY = 0.2 + 0.15 * fraction(seed * 0.382)

  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const [u, v] = [x / width, y / height]
      const layer = layerAt(u, v, seed)
      const glow = Math.hypot((u - sunX) * (width / height), v - sunY)
      const sky = mix(mix(top, horizon, Math.min(1, v * 1.6)), sun, glow < 0.07 ? 1 : Math.max(0, 0.45 - glow))
      pixels.set(layer === 0 ? sky : mix(far, near, (layer - 1) / (LAYERS - 1)), (y * width + x) * 3)
    }
  }
  return pixels
}

const LAYERS = 6

/**
 * The nearest row of hills that covers a place, counted from 1; 0 is sky.
 * @param {number} u
 * @param {number} v
 * @param {number} seed
 */
function layerAt(u, v, seed) {
  for (let layer = LAYERS; layer > 0; layer -= 1) {
    if (v > 0.42 + layer * 0.085 + wave(u * (1.1 + layer * 0.37) + seed * 0.29 * layer) * 0.11) return layer
  }
  return 0
}

/**
 * A smooth wave of period 1 between -1 and 1, without Math.sin: its last digits may differ between machines.
 * @param {number} t
 */
function wave(t) {
  const half = Math.abs(fraction(t) * 2 - 1)
  return half * half * (3 - 2 * half) * 2 - 1
}

/** @param {number} value */
function fraction(value) {
  return value - Math.floor(value)
}

/**
 * @param {readonly number[] | undefined} from
 * @param {readonly number[] | undefined} to
 * @param {number} share
 */
function mix(from = [], to = [], share) {
  return from.map((channel, index) => Math.round(channel + ((to[index] ?? 0) - channel) * share))
}

/** @param {string} colour */
function rgb(colour) {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16))
}
