const { stdout } = process;
const colour = (code) => (text) => (stdout.isTTY ? `\u001b[${code}m${text}\u001b[0m` : text);

export const bold = colour(1);
export const dim = colour(2);
export const green = colour(32);
export const red = colour(31);

/** A line of its own. */
export function say(line = '') {
  stdout.write(`${line}\n`);
}

/** Text as it streams. */
export function type(text) {
  stdout.write(text);
}

/** Draws a progress bar in place on a terminal; elsewhere prints a line at each quarter. */
export function progressBar(label) {
  let quarter = -1;
  return (percent) => {
    const filled = Math.round(percent / 4);
    const bar = `${label} [${'█'.repeat(filled)}${'·'.repeat(25 - filled)}] ${String(percent).padStart(3)} %`;
    if (stdout.isTTY) stdout.write(`\r${bar}${percent === 100 ? '\n' : ''}`);
    else if (Math.floor(percent / 25) !== quarter) {
      quarter = Math.floor(percent / 25);
      say(bar);
    }
  };
}

/** Rows of `[name, milliseconds, note]` as an aligned table. */
export function timeTable(rows) {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, ms, note = '']) => `  ${name.padEnd(width)}  ${Math.round(ms).toLocaleString('en-US').padStart(8)} ms  ${dim(note)}`).join('\n');
}
