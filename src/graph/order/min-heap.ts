import { at } from './adjacency.ts'

/** A binary heap of numbers, smallest first. */
export class MinHeap {
  readonly #items: Int32Array
  #size = 0

  /** @param capacity of which there are never more at once */
  constructor(capacity: number) {
    this.#items = new Int32Array(capacity)
  }

  get size(): number {
    return this.#size
  }

  push(item: number): void {
    const items = this.#items
    let index = this.#size++
    while (index > 0) {
      const parent = (index - 1) >> 1
      const above = at(items, parent)
      if (above <= item) break
      items[index] = above
      index = parent
    }
    items[index] = item
  }

  /** Takes the smallest out. Not to be called while it is empty. */
  pop(): number {
    const items = this.#items
    const smallest = at(items, 0)
    const size = --this.#size
    const last = at(items, size)
    let index = 0
    for (;;) {
      let child = index * 2 + 1
      if (child >= size) break
      if (child + 1 < size && at(items, child + 1) < at(items, child)) child++
      const below = at(items, child)
      if (below >= last) break
      items[index] = below
      index = child
    }
    items[index] = last
    return smallest
  }
}
