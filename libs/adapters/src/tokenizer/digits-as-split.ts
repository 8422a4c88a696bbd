interface PreTokenizer {
  readonly type: string;
  readonly individual_digits?: boolean;
  readonly pretokenizers?: readonly PreTokenizer[];
}

/**
 * The `pre_tokenizer` of a tokenizer.json with every `Digits` as the `Split` that does the same: `tokenizers` splits at all numeric
 * characters ("²", "Ⅷ", "½" too), the library in JavaScript at decimal digits only.
 */
export function digitsAsSplit(rule: unknown): unknown {
  if (!isPreTokenizer(rule)) return rule;
  if (rule.type === 'Sequence') return { ...rule, pretokenizers: (rule.pretokenizers ?? []).map(digitsAsSplit) };
  if (rule.type !== 'Digits') return rule;
  return { type: 'Split', pattern: { Regex: rule.individual_digits === true ? '\\p{N}' : '\\p{N}+' }, behavior: 'Isolated', invert: false };
}

function isPreTokenizer(rule: unknown): rule is PreTokenizer {
  return typeof rule === 'object' && rule !== null && 'type' in rule;
}
