/** A binary heap of numbers, smallest first. */
export class MinHeap {
  readonly #items: number[] = []

  get size(): number {
    return this.#items.length
  }

  push(item: number): void {
    const items = this.#items
    let index = items.length
    items.push(item)
    while (index > 0) {
      const parent = (index - 1) >> 1
      const above = items[parent] ?? 0
      if (above <= item) break
      items[index] = above
      index = parent
    }
    items[index] = item
  }

  pop(): number | undefined {
    const items = this.#items
    const smallest = items[0]
    const last = items.pop()
    if (last === undefined || items.length === 0) return smallest
    let index = 0
    for (;;) {
      let child = index * 2 + 1
      if (child >= items.length) break
      if ((items[child + 1] ?? Infinity) < (items[child] ?? Infinity)) child++
      const below = items[child] ?? Infinity
      if (below >= last) break
      items[index] = below
      index = child
    }
    items[index] = last
    return smallest
  }
}
