/** Interned ids, compressed rows, a heap: what any correct answer costs that takes string ids. */
export function floorPlan(nodes) {
  const numbers = new Map()
  for (const [number, { id }] of nodes.entries()) numbers.set(id, number)
  const size = nodes.length
  const from = new Int32Array(size * 3)
  const to = new Int32Array(size * 3)
  let count = 0
  for (let number = 0; number < size; number++) {
    const { parents, dependsOn } = nodes[number]
    for (const id of parents) {
      from[count] = numbers.get(id)
      to[count++] = number
    }
    for (const id of dependsOn) {
      from[count] = numbers.get(id)
      to[count++] = number
    }
  }
  return orderOf(size, from, to, count).length
}

function orderOf(size, from, to, count) {
  const offsets = new Int32Array(size + 1)
  const waiting = new Int32Array(size)
  for (let edge = 0; edge < count; edge++) {
    offsets[from[edge] + 1]++
    waiting[to[edge]]++
  }
  for (let number = 0; number < size; number++) offsets[number + 1] += offsets[number]
  const next = offsets.slice(0, size)
  const targets = new Int32Array(count)
  for (let edge = 0; edge < count; edge++) targets[next[from[edge]]++] = to[edge]
  const heap = new Int32Array(size)
  let held = 0
  const push = (item) => {
    let index = held++
    while (index > 0) {
      const parent = (index - 1) >> 1
      if (heap[parent] <= item) break
      heap[index] = heap[parent]
      index = parent
    }
    heap[index] = item
  }
  const pop = () => {
    const smallest = heap[0]
    const last = heap[--held]
    let index = 0
    for (;;) {
      let child = index * 2 + 1
      if (child >= held) break
      if (child + 1 < held && heap[child + 1] < heap[child]) child++
      if (heap[child] >= last) break
      heap[index] = heap[child]
      index = child
    }
    heap[index] = last
    return smallest
  }
  for (let number = 0; number < size; number++) if (waiting[number] === 0) push(number)
  const order = new Int32Array(size)
  let done = 0
  while (done < size) {
    const number = pop()
    order[done++] = number
    for (let slot = offsets[number]; slot < offsets[number + 1]; slot++)
      if (--waiting[targets[slot]] === 0) push(targets[slot])
  }
  return order.subarray(0, done)
}

/** A Map of arrays and a queue. */
export function textbookOrder(nodes) {
  const after = new Map()
  const waiting = new Map()
  for (const { id, parents, dependsOn } of nodes) {
    const before = [...parents, ...dependsOn]
    waiting.set(id, before.length)
    for (const other of before) {
      const list = after.get(other)
      if (list) list.push(id)
      else after.set(other, [id])
    }
  }
  const queue = nodes.filter(({ id }) => waiting.get(id) === 0).map(({ id }) => id)
  for (let head = 0; head < queue.length; head++)
    for (const id of after.get(queue[head]) ?? []) {
      const left = waiting.get(id) - 1
      waiting.set(id, left)
      if (left === 0) queue.push(id)
    }
  return queue.length
}
