import { runPython } from '@gpt4video/testing/servers/python-clients';
import { ServerProcess, TEST_KEY, json, makeDataFolder } from './server-process.js';

/** Test cases of each route; every case is a request to the real server. */
const EXAMPLES = 12;
const CHECKS = ['not_a_server_error', 'status_code_conformance', 'content_type_conformance', 'response_schema_conformance', 'ignored_auth'];

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
    // It is not enough that nothing was tried.
    const routes = Object.keys((await json<{ paths: object }>(await server.request('/openapi.json'))).paths);
    expect(Number(/(\d+) generated/.exec(report)?.[1] ?? 0)).toBeGreaterThan(routes.length * EXAMPLES);
    expect(server.log.filter((line) => line.includes('"level":"error"'))).toEqual([]);
  }, 600_000);
});
