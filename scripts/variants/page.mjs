// The page that `npm run variants` writes.

/** Markdown; the first row is float32, against which the answers of the others are held. */
export function page(rows, { node, date }) {
  const [full] = rows;
  const lines = rows.map((row) => {
    const quality = [row.surprise.toFixed(4), row.divergence.toFixed(4), percent(row.sameWord), percent(sameTokens(full.answers, row.answers))];
    const cost = [`${Math.round(row.bytes / 1e6)} MB`, `${Math.round(row.peakMiB)} MiB`, String(Math.round(row.perSecond))];
    return `| \`${row.precision}\`${row.precision === 'stored' ? ' (ships)' : ''} | ${[...quality, ...cost].join(' | ')} |`;
  });
  return `# The language model at every precision

Written by \`npm run variants\` on ${date}, Node ${node}: the base model's GGUF file with the shipped adapter, imported once for each
precision that \`gpt4video models import --precision\` knows. Read are ${full.tokens} tokens of prose, asked are ${full.answers.length} questions.

| precision | surprise, nats a token | divergence from float32, nats | same most likely word | same answer, up to the first difference | on disk | peak memory, import included | tokens a second of one core |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
${lines.join('\n')}

\`stored\` keeps the 4-bit blocks of the file as they are; \`float32\` and \`float16\` unpack them. What sets the first apart from the others
is that activations are rounded to 8 bits before they meet blocks of 4 or 8 bits: a likely word changes seldom, a long greedy answer
sooner or later takes another turn. \`int8\` and \`int4\` round weights that were rounded before; of full precision they would lose less.
`;
}

/** The share of tokens before two greedy answers part, over all answers. */
function sameTokens(ours, theirs) {
  const kept = ours.map((answer, index) => {
    const at = answer.findIndex((token, place) => token !== theirs[index][place]);
    return at === -1 ? answer.length : at;
  });
  return kept.reduce((sum, value) => sum + value, 0) / ours.flat().length;
}

function percent(share) {
  return `${(100 * share).toFixed(1)} %`;
}
