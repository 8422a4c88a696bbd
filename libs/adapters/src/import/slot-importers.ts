import { importAbstractor } from './abstractor.js';
import { importLanguage } from './language.js';
import type { SlotImporter } from './slot-importer.js';
import { importVision } from './vision.js';

/** Who imports what: one line a slot. The command offers an option for each. */
export const SLOT_IMPORTERS = {
  language: importLanguage,
  vision: importVision,
  abstractor: importAbstractor,
} as const satisfies Readonly<Record<string, SlotImporter>>;

/** A slot that can be imported. */
export type ImportedSlot = keyof typeof SLOT_IMPORTERS;
