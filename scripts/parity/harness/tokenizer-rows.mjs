/** Rows about a tokenizer: texts whose ids differ from the reference's, and texts that the ids' bytes do not give back. */
export function tokenizerRows(tokenizer, { geometry, texts, ids }, { written = (text) => text, log }) {
  const different = texts.filter((text, index) => {
    const found = tokenizer.encode(text, { special: false });
    if (found.join() === ids[index].join()) return false;
    log(`${JSON.stringify(text)}: expected ${ids[index].join(' ')}, found ${found.join(' ')}`);
    return true;
  });
  const lost = texts.filter((text, index) => {
    const back = Buffer.concat(ids[index].map((id) => tokenizer.bytesOf(id))).toString();
    if (back === written(text)) return false;
    log(`${JSON.stringify(text)} comes back as ${JSON.stringify(back)}`);
    return true;
  });
  return [
    { what: 'texts whose ids differ', geometry, difference: different.length, tolerance: 0 },
    { what: 'texts that do not come back from their ids', geometry, difference: lost.length, tolerance: 0 },
  ];
}
