import { importAbstractor } from './abstractor.js';
import { importFilm } from './film.js';
import { importLanguage } from './language.js';
import type { SlotImporter } from './slot-importer.js';
import { importVision } from './vision.js';

/** Who imports what: one line a slot; a film model brings its text encoder. The command offers an option for each. */
export const SLOT_IMPORTERS = {
  language: importLanguage,
  vision: importVision,
  abstractor: importAbstractor,
  film: importFilm,
} as const satisfies Readonly<Record<string, SlotImporter>>;

/** A slot that can be imported. */
export type ImportedSlot = keyof typeof SLOT_IMPORTERS;
