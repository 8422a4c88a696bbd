import { parseArgs } from 'node:util';
import type { ImportSettings } from '@gpt4video/adapters/import/slot-importer';
import { SLOT_IMPORTERS } from '@gpt4video/adapters/import/slot-importers';
import type { ImportedSlot } from '@gpt4video/adapters/import/slot-importers';

/** What `gpt4video models` was asked to do. */
export interface ModelsOptions {
  readonly bundle: string;
  readonly cache: string;
  readonly baseModel: string | undefined;
  readonly quiet: boolean;
  /** SHA-256 of a published bundle to fetch. */
  readonly published: string | undefined;
  /** Folder of the new or fetched bundle. */
  readonly into: string | undefined;
  /** Folder of the bundle whose other slots are taken. */
  readonly from: string;
  /** File or folder for each slot to import. */
  readonly sources: Partial<Record<ImportedSlot, string>>;
  /** Choices for the import. */
  readonly settings: ImportSettings;
  /** Writes one line for the user. */
  readonly print: (line: string) => void;
}

/** A command line that says nothing the command knows; the message is for the user. */
export class UsageError extends Error {}

/** Slots that can be imported, each by an option of its name. */
export const SLOTS = Object.keys(SLOT_IMPORTERS) as ImportedSlot[];

const TEXT = { type: 'string' } as const;
const OPTIONS = {
  bundle: { ...TEXT, default: 'models/cartoon' },
  from: { ...TEXT, default: 'models/cartoon' },
  into: TEXT,
  published: TEXT,
  precision: TEXT,
  template: TEXT,
  adapter: TEXT,
  'film-size': TEXT,
  'film-frames': TEXT,
  'film-fps': TEXT,
  'film-solver': TEXT,
  'base-model': TEXT,
  quiet: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** Reads the command line. Throws `UsageError` for an option that is not known. */
export function readArguments(args: string[], surroundings: Pick<ModelsOptions, 'cache' | 'print'>): { readonly words: readonly string[]; readonly help: boolean; readonly options: ModelsOptions } {
  const { values, positionals } = parse(args);
  const sources = Object.fromEntries(SLOTS.map((slot) => [slot, (values as Record<string, unknown>)[slot]]).filter(([, source]) => source !== undefined)) as ModelsOptions['sources'];
  const { bundle, from, into, precision, template, adapter, quiet, published } = values;
  const film = { filmSize: values['film-size'], filmFrames: values['film-frames'], filmFps: values['film-fps'], filmSolver: values['film-solver'] };
  const settings = { precision, template, adapter, ...film };
  return { words: positionals, help: values.help, options: { ...surroundings, bundle, from, into, settings, quiet, published, baseModel: values['base-model'], sources } };
}

function parse(args: string[]) {
  try {
    const slots = Object.fromEntries(SLOTS.map((slot) => [slot, TEXT]));
    return parseArgs({ args, options: { ...slots, ...OPTIONS }, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
