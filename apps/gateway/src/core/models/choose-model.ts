import { DomainError } from '@gpt4video/ports/errors';
import type { ModelCard, ModelCatalog } from './model-catalog.js';

/** The card of the model a request names, or the default when it names none. Throws `model_not_found`. */
export function chooseModel(catalog: ModelCatalog, name: string | undefined): ModelCard {
  const cards = catalog.list();
  const card = name === undefined ? cards[0] : cards.find(({ id }) => id === name);
  if (card !== undefined) return card;
  throw new DomainError('model_not_found', `No model "${name ?? ''}"; choose one of: ${cards.map(({ id }) => id).join(', ')}.`, { param: 'model' });
}
