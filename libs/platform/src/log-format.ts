const HIDDEN = new Set(['time', 'level', 'app', 'message', 'trace_id', 'span_id', 'err', 'context', 'stack']);
const LEVELS: Readonly<Record<string, string>> = { debug: 'debug', info: 'info ', warn: 'WARN ', error: 'ERROR' };

/** Turns JSON lines into one readable line each: `12:04:31.120 info  dialogue turn answered tokens=42`. */
export function prettyLines(write: (line: string) => void): (line: string) => void {
  return (line) => write(`${pretty(JSON.parse(line) as Record<string, unknown>)}\n`);
}

function pretty(entry: Record<string, unknown>): string {
  const time = String(entry['time']).slice(11, 23);
  const who = String(entry['context'] ?? entry['app']);
  const fields = Object.entries(entry)
    .filter(([key]) => !HIDDEN.has(key))
    .map(([key, value]) => `${key}=${shown(value)}`);
  return [time, LEVELS[String(entry['level'])] ?? '', who, oneLine(String(entry['message'])), ...fields, ...reason(entry['err'])].join(' ');
}

function reason(err: unknown): string[] {
  if (typeof err !== 'object' || err === null || !('message' in err)) return [];
  // What the client reads hides the cause; the person at the log needs it.
  return [`error=${shown(err.message)}`, ...('cause' in err ? reason(err.cause) : [])];
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'undefined');
  return /[\s"]/.test(text) ? JSON.stringify(oneLine(text)) : text;
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ');
}
