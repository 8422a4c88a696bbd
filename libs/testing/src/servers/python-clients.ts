import { installOnce, type Installation } from './install-once.js';
import { type Tool, runTool } from './run-tool.js';

/** Python, which the clients run on. */
export const PYTHON: Tool = { program: 'python3', remedy: 'Python 3.10 or newer with pip' };

const OPENAI = '3.57.0';
const SCHEMATHESIS = '4.32.5';

/** Clients of the public API that others wrote in Python: `openai`, and schemathesis, which tries everything that an OpenAPI document allows. */
export const PYTHON_CLIENTS: Installation = {
  name: 'python-clients',
  version: `openai-${OPENAI}-schemathesis-${SCHEMATHESIS}`,
  cost: 'about 40 MB from the Python package index',
  install: async (folder) => {
    await runTool(PYTHON, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--target', folder, `openai==${OPENAI}`, `schemathesis==${SCHEMATHESIS}`], { cwd: folder });
  },
};

/** Runs Python with the clients; resolves with its output, rejects with its last words when it fails. */
export async function runPython(args: readonly string[], { cwd, env = {} }: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> }): Promise<string> {
  const packages = await installOnce(PYTHON_CLIENTS);
  return runTool(PYTHON, args, { cwd, env: { ...env, PYTHONPATH: packages, PYTHONDONTWRITEBYTECODE: '1', PYTHONUTF8: '1' } });
}
