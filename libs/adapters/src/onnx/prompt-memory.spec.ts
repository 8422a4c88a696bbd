import { PromptMemory } from './prompt-memory.js';
import type { ReadText } from './prompt-memory.js';

const SHAPE = { layers: 1, kvHeads: 1, headWidth: 1 };
const CHUNK = 64;
const MANY = 2 ** 20;

const cells = (start: number, length: number) => Array.from({ length }, (_, index) => start + index);

/** Reads a prompt as the decoder does and returns the rows taken over. */
function read(memory: PromptMemory, prompt: readonly (number | string)[]): { reused: number; text: ReadText } {
  const text = memory.open(prompt);
  const reused = text.cache.length;
  expect(text.cells).toEqual(prompt.slice(0, reused));
  text.cache.append(new Float32Array(2 * (prompt.length - reused)), prompt.length - reused);
  text.cells = prompt.slice(0, prompt.length - (prompt.length % CHUNK));
  memory.trim();
  return { reused, text };
}

describe(PromptMemory.name, () => {
  it('takes over whole chunks and leaves the last position to be read', () => {
    const memory = new PromptMemory(SHAPE, { bytes: MANY, chunk: CHUNK });
    const prompt = cells(0, 128);
    expect([read(memory, prompt).reused, read(memory, prompt).reused, read(memory, [...prompt, 1]).reused, read(memory, cells(0, 70)).reused]).toEqual([0, 64, 128, 64]);
  });

  it('tells visual tokens of one video from those of another', () => {
    const memory = new PromptMemory(SHAPE, { bytes: MANY, chunk: CHUNK });
    const of = (video: string) => Array.from({ length: 100 }, (_, index) => `${video}:${index}`);
    expect([read(memory, of('one')).reused, read(memory, of('two')).reused, read(memory, of('one')).reused]).toEqual([0, 0, 64]);
  });

  it('goes on in the same rows, and branches off into a copy', () => {
    const memory = new PromptMemory(SHAPE, { bytes: MANY, chunk: CHUNK });
    const first = read(memory, cells(0, 320));
    const next = read(memory, [...cells(0, 320), ...cells(900, 20)]);
    const branch = read(memory, [...cells(0, 130), ...cells(500, 200)]);
    expect([next.reused, next.text === first.text]).toEqual([320, true]);
    expect([branch.reused, branch.text === first.text]).toEqual([128, false]);
    expect(read(memory, cells(0, 321)).reused).toBe(320);
  });

  it('drops the least recently used when the limit is passed, never the one in use', () => {
    const one = new PromptMemory(SHAPE, { bytes: MANY, chunk: CHUNK });
    const { bytes } = read(one, cells(0, 100)).text.cache;
    const memory = new PromptMemory(SHAPE, { bytes: 2 * bytes, chunk: CHUNK });
    for (const start of [0, 1000, 0, 2000]) read(memory, cells(start, 100));
    expect([read(memory, cells(0, 100)).reused, read(memory, cells(1000, 100)).reused]).toEqual([64, 0]);
    const small = new PromptMemory(SHAPE, { bytes: 1, chunk: CHUNK });
    expect([read(small, cells(0, 100)).reused, read(small, cells(0, 100)).reused, read(small, cells(1000, 100)).reused, read(small, cells(0, 100)).reused]).toEqual([0, 64, 0, 0]);
  });
});
