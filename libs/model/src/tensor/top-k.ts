/** Positions of the `k` greatest values, greatest first, ties to the lowest position; all positions when `k` exceeds them. */
export function topK(values: Float32Array, k: number): number[] {
  const best: number[] = [];
  if (k <= 0) return best;
  for (const index of descending(values)) {
    best.push(index);
    if (best.length >= k) break;
  }
  return best;
}

/** Position of the greatest value, ties to the lowest; −1 when empty. */
export function argmax(values: Float32Array): number {
  let best = -1;
  let peak = -Infinity;
  for (let index = 0; index < values.length; index++) {
    const value = values[index] ?? -Infinity;
    if (best < 0 || value > peak) {
      best = index;
      peak = value;
    }
  }
  return best;
}

/**
 * Positions in descending order of value, ties to the lowest position, one at a time: the first few of a large
 * vocabulary cost one pass, not a full sort (binary heap).
 */
export function* descending(values: Float32Array): Generator<number> {
  const heap = new Int32Array(values.length);
  for (let index = 0; index < heap.length; index++) heap[index] = index;
  for (let node = (heap.length >> 1) - 1; node >= 0; node--) siftDown(heap, node, heap.length, values);
  for (let size = heap.length; size > 0; size--) {
    const top = heap[0] ?? 0;
    yield top;
    heap[0] = heap[size - 1] ?? 0;
    siftDown(heap, 0, size - 1, values);
  }
}

function siftDown(heap: Int32Array, start: number, size: number, values: Float32Array): void {
  let node = start;
  for (;;) {
    const left = 2 * node + 1;
    if (left >= size) return;
    const child = left + 1 < size && precedes(heap[left + 1] ?? 0, heap[left] ?? 0, values) ? left + 1 : left;
    if (!precedes(heap[child] ?? 0, heap[node] ?? 0, values)) return;
    const lower = heap[node] ?? 0;
    heap[node] = heap[child] ?? 0;
    heap[child] = lower;
    node = child;
  }
}

function precedes(a: number, b: number, values: Float32Array): boolean {
  const difference = (values[a] ?? 0) - (values[b] ?? 0);
  return difference > 0 || ((difference === 0 || Number.isNaN(difference)) && a < b);
}
