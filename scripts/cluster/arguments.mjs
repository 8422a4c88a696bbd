import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { isServiceName, SERVICE_NAMES } from '@gpt4video/testing/cluster/services';

export const USAGE = `usage: npm run cluster -- [--port 8080] [--data DIR] [--api-key KEY] [--scale SERVICE=N]…
                          [--log-level info] [--drain-ms 20000]
SIGHUP replaces every replica by a new one without a failed request; SIGTERM drains everything and exits 0.`;

const MOST = 16;

/** Reads the command line. Throws an Error with every fault and the usage. */
export function readArguments(argv) {
  const values = parse(argv);
  const faults = [];
  const number = (name, most) => {
    const value = Number(values[name]);
    if (!Number.isInteger(value) || value < 0 || value > most) faults.push(`--${name} is "${values[name]}"; give a number from 0 to ${most}`);
    return value;
  };
  const port = number('port', 65_535);
  const drainMs = number('drain-ms', 3_600_000);
  const scale = {};
  for (const text of values.scale) {
    const [name, count] = text.split('=');
    if (!isServiceName(name)) faults.push(`--scale ${text}: there is no service "${name}"; choose one of ${SERVICE_NAMES.join(', ')}`);
    else if (!/^\d+$/.test(count ?? '') || Number(count) < 1 || Number(count) > MOST) faults.push(`--scale ${text}: give ${name}=N with N from 1 to ${MOST}`);
    else scale[name] = Number(count);
  }
  if (values['api-key'] !== undefined && values['api-key'].length < 16) faults.push('--api-key is shorter than 16 characters; give a longer one');
  if (faults.length > 0) throw new Error(`${faults.join('\n')}\n${USAGE}`);
  return { port, drainMs, scale, data: resolve(values.data), apiKey: values['api-key'], logLevel: values['log-level'] };
}

function parse(args) {
  const options = {
    port: { type: 'string', default: '8080' },
    data: { type: 'string', default: '.gpt4video/cluster' },
    'api-key': { type: 'string' },
    scale: { type: 'string', multiple: true, default: [] },
    'log-level': { type: 'string', default: 'info' },
    'drain-ms': { type: 'string', default: '20000' },
  };
  try {
    return parseArgs({ args, options }).values;
  } catch (error) {
    throw new Error(`${error.message}\n${USAGE}`, { cause: error });
  }
}
