// Reads the comments of values.yaml: `# @section` above a group of keys, `# --` above a key.

/** A key with its explanation, in the order of the file; `text` is undefined where no comment stands above. */
export function explainedKeys(values) {
  const rows = [];
  const open = [];
  let section = '';
  let text;
  for (const line of values.split('\n')) {
    const comment = /^\s*# ?(.*)$/.exec(line)?.[1];
    if (comment !== undefined) {
      if (comment.startsWith('@section ')) section = comment.slice('@section '.length);
      else if (comment.startsWith('-- ')) text = comment.slice('-- '.length);
      continue;
    }
    const key = /^( *)([\w.-]+):(.*)$/.exec(line);
    if (key === null) continue;
    const [, indent, name, rest] = key;
    const depth = indent.length / 2;
    open.splice(depth, open.length, name);
    rows.push({ section, path: [...open], text, leaf: rest.trim() !== '' });
    text = undefined;
  }
  return rows;
}
