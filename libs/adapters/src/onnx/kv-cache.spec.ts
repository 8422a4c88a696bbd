import { KvCache } from './kv-cache.js';

const SHAPE = { layers: 2, kvHeads: 3, headWidth: 2 };

/** `new_rows` of a run: each value tells its buffer, head, row and column. */
function rowsOf(start: number, rows: number): Float32Array {
  const values: number[] = [];
  for (let part = 0; part < 12; part += 1) for (let row = start; row < start + rows; row += 1) values.push(part * 10_000 + row * 10, part * 10_000 + row * 10 + 1);
  return Float32Array.from(values);
}

/** The rows that the graph would read, as `new_rows` of one run. */
function rowsIn(cache: KvCache): number[] {
  return Object.values(cache.inputs()).flatMap(({ shape, data }) => {
    const [heads = 0, , capacity = 0, width = 0] = shape;
    return Array.from({ length: heads }, (_, head) => [...(data as Float32Array).subarray(head * capacity * width, (head * capacity + cache.length) * width)]).flat();
  });
}

describe(KvCache.name, () => {
  it('keeps every row in its place while it grows', () => {
    const cache = new KvCache(SHAPE);
    for (const [start, rows] of [[0, 5], [5, 1], [6, 120], [126, 1], [127, 300]] as const) cache.append(rowsOf(start, rows), rows);
    expect(cache.length).toBe(427);
    expect(rowsIn(cache)).toEqual([...rowsOf(0, 427)]);
    expect(Object.keys(cache.inputs())).toEqual(['past.0.key', 'past.0.value', 'past.1.key', 'past.1.value']);
    expect(Object.values(cache.inputs())[0]?.shape).toEqual([3, 1, 448, 2]);
  });

  it('grows in its own buffers where they have room', () => {
    const cache = new KvCache(SHAPE);
    cache.append(rowsOf(0, 300), 300);
    const before = Object.values(cache.inputs())[0]?.data.buffer;
    cache.append(rowsOf(300, 60), 60);
    expect(Object.values(cache.inputs())[0]?.data.buffer).toBe(before);
    expect(rowsIn(cache)).toEqual([...rowsOf(0, 360)]);
  });

  it('lays out no more rows than it was asked for, in buffers for those that will come', () => {
    const cache = new KvCache(SHAPE);
    cache.reserve(100, 1000);
    cache.append(rowsOf(0, 100), 100);
    const [first] = Object.values(cache.inputs());
    cache.reserve(1000, 1000);
    const [last] = Object.values(cache.inputs());
    expect([first?.shape, last?.shape]).toEqual([[3, 1, 128, 2], [3, 1, 1024, 2]]);
    expect(last?.data.buffer).toBe(first?.data.buffer);
    expect(rowsIn(cache)).toEqual([...rowsOf(0, 100)]);
  });

  it('forgets rows and takes others in their place', () => {
    const cache = new KvCache(SHAPE);
    cache.append(rowsOf(7, 100), 100);
    cache.truncate(0);
    cache.append(rowsOf(0, 10), 10);
    expect(rowsIn(cache)).toEqual([...rowsOf(0, 10)]);
  });

  it('forks with rows of its own', () => {
    const cache = new KvCache(SHAPE);
    cache.append(rowsOf(0, 200), 200);
    const fork = cache.fork(64);
    fork.append(rowsOf(64, 3), 3);
    cache.truncate(0);
    cache.append(rowsOf(900, 80), 80);
    expect(rowsIn(fork)).toEqual([...rowsOf(0, 67)]);
    expect(fork.bytes).toBeLessThan(cache.bytes);
  });
});
