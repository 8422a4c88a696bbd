import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

/** What a person may say on the command line of `npm start`. */
export interface Arguments {
  /** Port of the public API; 0 takes a free one. */
  readonly port: number;
  /** Address to listen on; loopback unless said otherwise. */
  readonly host: string;
  /** Folder of the database, the objects and the key. */
  readonly data: string;
  /** The key that clients must send; made once and kept in `data` when absent. */
  readonly apiKey: string | undefined;
  /** Folder of the bundle; the one that ships when absent. */
  readonly bundle: string | undefined;
  readonly logFormat: 'json' | 'pretty';
  readonly logLevel: LogLevel;
  /** Threads of each model. */
  readonly threads: number;
}

const LEVELS = ['debug', 'info', 'warn', 'error'] as const;

type LogLevel = (typeof LEVELS)[number];

export const USAGE = `usage: npm start -- [--port 8080] [--host 127.0.0.1] [--data DIR] [--api-key KEY]
                   [--bundle DIR] [--log-format json|pretty] [--log-level info] [--threads 2]`;

/** Reads the command line. Throws an Error with every fault and the usage. */
export function parseArguments(argv: readonly string[]): Arguments {
  const values = readOptions(argv);
  const port = Number(values.port);
  const threads = Number(values.threads);
  const level = LEVELS.find((name) => name === values['log-level']);
  const faults = [
    Number.isInteger(port) && port >= 0 && port <= 65_535 ? [] : [`--port is "${values.port}"; give a number from 0 to 65535`],
    values['log-format'] === 'json' || values['log-format'] === 'pretty' ? [] : [`--log-format is "${values['log-format']}"; give json or pretty`],
    level !== undefined ? [] : [`--log-level is "${values['log-level']}"; give one of ${LEVELS.join(', ')}`],
    values['api-key'] === undefined || values['api-key'].length >= 16 ? [] : ['--api-key is shorter than 16 characters; give a longer one'],
    Number.isInteger(threads) && threads >= 1 && threads <= 256 ? [] : [`--threads is "${values.threads}"; give a number from 1 to 256`],
  ].flat();
  if (faults.length > 0) throw new Error(`${faults.join('\n')}\n${USAGE}`);
  return {
    port,
    host: values.host,
    data: resolve(values.data),
    apiKey: values['api-key'],
    bundle: values.bundle === undefined ? undefined : resolve(values.bundle),
    logFormat: values['log-format'] === 'pretty' ? 'pretty' : 'json',
    logLevel: level ?? 'info',
    threads,
  };
}

function readOptions(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        port: { type: 'string', default: '8080' },
        host: { type: 'string', default: '127.0.0.1' },
        data: { type: 'string', default: '.gpt4video/data' },
        'api-key': { type: 'string' },
        bundle: { type: 'string' },
        'log-format': { type: 'string', default: 'json' },
        'log-level': { type: 'string', default: 'info' },
        threads: { type: 'string', default: '2' },
      },
    }).values;
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`, { cause: error });
  }
}
