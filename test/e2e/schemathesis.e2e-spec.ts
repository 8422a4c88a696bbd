import { runPython } from '@gpt4video/testing/servers/python-clients';
import { ServerProcess, TEST_KEY, json, makeDataFolder } from './server-process.js';

/** Test cases of each route; every case is a request to the real server. */
const EXAMPLES = 12;
const CHECKS = ['not_a_server_error', 'status_code_conformance', 'content_type_conformance', 'response_schema_conformance', 'ignored_auth'];

interface Described {
  readonly requestBody?: object;
  readonly parameters?: readonly object[];
}

/** Requests that the server has counted, by method and path as the description writes them. */
function countsOf(metrics: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const [, labels = '', value] of metrics.matchAll(/^gpt4video_gateway_requests_total\{([^}]*)\} (\d+)/gm)) {
    const label = (name: string): string => new RegExp(`${name}="([^"]*)"`).exec(labels)?.[1] ?? '';
    const route = `${label('method')} ${label('route').replace(/:([A-Za-z]+)/g, '{$1}')}`;
    counts.set(route, (counts.get(route) ?? 0) + Number(value));
  }
  return counts;
}

describe('schemathesis against the running server', () => {
  let server: ServerProcess;
  let data: Awaited<ReturnType<typeof makeDataFolder>>;
  beforeAll(async () => {
    data = await makeDataFolder();
    server = await ServerProcess.start(data.path);
  }, 180_000);
  afterAll(async () => {
    expect(await server?.stop()).toBe(0);
    await data.remove();
  }, 60_000);

  it('finds no server error and no answer that is not as described', async () => {
    const args = ['-m', 'schemathesis.cli', 'run', `${server.url}/openapi.json`, '--header', `Authorization: Bearer ${TEST_KEY}`, '--checks', CHECKS.join(',')];
    const bounds = ['--phases', 'examples,coverage,fuzzing', '--max-examples', String(EXAMPLES), '--seed', '1', '--request-timeout', '60', '--no-shrink', '--continue-on-failure', '--suppress-health-check', 'all', '--warnings', 'off', '--generation-database', 'none'];
    const report = await runPython([...args, ...bounds], { cwd: data.path });
    expect(report).toMatch(/No issues found/);
    // It is not enough that nothing was tried: every route that takes something was asked as often as it should be, and this list of them grows by itself.
    const { paths } = await json<{ paths: Readonly<Record<string, Readonly<Record<string, Described>>>> }>(await server.request('/openapi.json'));
    const asked = countsOf(await (await server.request('/metrics')).text());
    const described = Object.entries(paths).flatMap(([path, operations]) => Object.entries(operations).map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, operation })));
    expect(described.map(({ name }) => name)).toEqual(expect.arrayContaining(['POST /v1/provenance', 'POST /v1/chat/completions', 'POST /v1/uploads/{id}/parts']));
    const least = ({ requestBody, parameters }: Described): number => (requestBody !== undefined || (parameters ?? []).length > 0 ? EXAMPLES : 1);
    expect(described.filter(({ name, operation }) => (asked.get(name) ?? 0) < least(operation)).map(({ name }) => name)).toEqual([]);
    expect(server.log.filter((line) => line.includes('"level":"error"'))).toEqual([]);
  }, 600_000);
});
