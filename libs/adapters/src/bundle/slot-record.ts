import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { CacheSlot } from './model-cache.js';
import { verifyFile } from './verify-file.js';
import { writePieces } from './write-pieces.js';

/** File of a slot that says what it holds. */
export const SLOT_RECORD = 'assembled.json';
const REMEDY = 'Run: npx gpt4video models pull';

const recordSchema = z.object({
  sources: z.object({ format: z.number(), base: z.string(), adapter: z.string().optional() }),
  files: z.record(z.string(), z.object({ sha256: z.string(), bytes: z.number() })),
});

/** What a slot holds: its sources, and each file's hash and size. */
export type SlotRecord = z.infer<typeof recordSchema>;

/** Content of a slot's file, in pieces; each may be made when it is asked for. */
export type SlotContent = Iterable<Uint8Array>;

/** The slot's record; undefined when the slot is absent, or its record is not one. */
export async function readSlot(slot: CacheSlot): Promise<SlotRecord | undefined> {
  try {
    const record = recordSchema.parse(JSON.parse(await readFile(join(slot.folder, SLOT_RECORD), 'utf8')));
    return slot.files.every((file) => record.files[file] !== undefined) ? record : undefined;
  } catch {
    return undefined;
  }
}

/** Re-hashes the slot's files. Throws `model_unavailable` naming the file, what was expected and what was found. */
export async function verifySlot(slot: CacheSlot): Promise<void> {
  const record = await readSlot(slot);
  for (const name of slot.files) await verifyFile(join(slot.folder, name), record?.files[name], REMEDY);
}

/** True when every file of the slot is there with the recorded hash. */
export function isIntact(slot: CacheSlot): Promise<boolean> {
  return verifySlot(slot).then(
    () => true,
    () => false,
  );
}

/** Writes the slot beside its place and moves it there at once: nobody sees half a slot. */
export async function writeSlot(slot: CacheSlot, content: Readonly<Record<string, SlotContent>>): Promise<void> {
  const staged = `${slot.folder}.${process.pid}.partial`;
  await rm(staged, { recursive: true, force: true });
  await mkdir(staged, { recursive: true });
  const files: SlotRecord['files'] = {};
  for (const [name, pieces] of Object.entries(content)) {
    files[name] = await writePieces(join(staged, name), pieces);
  }
  await writeFile(join(staged, SLOT_RECORD), `${JSON.stringify({ sources: slot.sources, files }, undefined, 2)}\n`);
  await mkdir(dirname(slot.folder), { recursive: true });
  await rm(slot.folder, { recursive: true, force: true });
  await rename(staged, slot.folder);
}
