/** One metric that an expression reads, with the labels that it matches. */
export interface Selector {
  readonly metric: string;
  readonly labels: readonly string[];
}

// Aggregations may be followed by `by` instead of a parenthesis.
const AGGREGATIONS = ['sum', 'max', 'min', 'avg', 'count', 'group', 'quantile', 'topk', 'bottomk', 'stddev', 'stdvar', 'count_values'];
const WORDS = new Set([...AGGREGATIONS, 'by', 'without', 'on', 'ignoring', 'group_left', 'group_right', 'offset', 'and', 'or', 'unless', 'bool', 'inf', 'nan', 'start', 'end']);

/** The metrics of a PromQL expression. */
export function selectorsOf(expression: string): readonly Selector[] {
  const bare = expression
    .replace(/"(?:[^"\\]|\\.)*"/g, '""')
    // Lists of labels, not metrics.
    .replace(/\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g, '$1')
    .replace(/\[[^\]]*\]/g, '');
  return [...bare.matchAll(/(?<![\w:$.])([a-zA-Z_:][\w:]*)\s*(\{[^}]*\})?(?!\s*\(|[\w:])/g)]
    .filter(([, name = '']) => !WORDS.has(name.toLowerCase()))
    .map(([, metric = '', matchers = '']) => ({ metric, labels: [...matchers.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label = '']) => label) }));
}

/** The labels that an expression groups by. */
export function groupingsOf(expression: string): readonly string[] {
  return [...expression.matchAll(/\b(?:by|without|on|ignoring|group_left|group_right)\s*\(([^)]*)\)/g)].flatMap(([, labels = '']) => labels.split(',').map((label) => label.trim()).filter((label) => label !== ''));
}
