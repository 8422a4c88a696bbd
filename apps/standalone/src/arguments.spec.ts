import { parseArguments } from './arguments.js';

describe('parseArguments', () => {
  it('listens on loopback port 8080 by default', () => {
    expect(parseArguments([])).toMatchObject({ host: '127.0.0.1', port: 8080, apiKey: undefined, logFormat: 'json' });
  });

  it('takes what is said', () => {
    expect(parseArguments(['--bundle', '/models/mine']).bundle).toBe('/models/mine');
    expect(parseArguments(['--port', '0', '--host', '0.0.0.0', '--api-key', 'sk-0123456789abcdef', '--log-format', 'pretty'])).toMatchObject({ port: 0, host: '0.0.0.0', apiKey: 'sk-0123456789abcdef', logFormat: 'pretty' });
  });

  it('lists every fault with what to do', () => {
    expect(() => parseArguments(['--port', '70000', '--log-level', 'loud', '--api-key', 'short'])).toThrow(/--port.*\n.*--log-level.*\n.*--api-key[\s\S]*usage/);
  });

  it('refuses what it does not know', () => {
    expect(() => parseArguments(['--prot', '1'])).toThrow(/--prot[\s\S]*usage/);
  });
});
