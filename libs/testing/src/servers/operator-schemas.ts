import { cp, readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { GO } from './go-program.js';
import { installOnce, type Installation } from './install-once.js';
import { runTool } from './run-tool.js';

/** Modules that hold definitions of custom resources, and which of their files we read. Go checks each module against the checksum database. */
const MODULES = [
  { module: 'github.com/kedacore/keda/v2@v2.17.2', files: ['config/crd/bases/keda.sh_scaledobjects.yaml', 'config/crd/bases/keda.sh_triggerauthentications.yaml'] },
  {
    module: 'github.com/prometheus-operator/prometheus-operator@v0.85.0',
    files: ['example/prometheus-operator-crd/monitoring.coreos.com_podmonitors.yaml', 'example/prometheus-operator-crd/monitoring.coreos.com_prometheusrules.yaml'],
  },
  { module: 'sigs.k8s.io/gateway-api@v1.3.0', files: ['config/crd/standard/gateway.networking.k8s.io_httproutes.yaml'] },
];

/** Definitions of the resources of KEDA, the Prometheus operator and the Gateway API. */
export const OPERATOR_SCHEMAS: Installation = {
  name: 'operator-schemas',
  version: MODULES.map(({ module }) => module.split('@').at(-1)).join('-'),
  cost: 'about 12 MB from the Go module proxy',
  install: async (folder) => {
    const cache = join(folder, 'cache');
    const env = { GOMODCACHE: cache, GOFLAGS: '-modcacherw', GO111MODULE: 'on' };
    for (const { module, files } of MODULES) {
      const { Dir } = JSON.parse(await runTool(GO, ['mod', 'download', '-json', module], { cwd: folder, env })) as { Dir: string };
      for (const file of files) await cp(join(Dir, file), join(folder, basename(file)));
    }
    await rm(cache, { recursive: true });
  },
};

/** Paths of the definitions, each a YAML file. */
export async function operatorSchemas(): Promise<readonly string[]> {
  const folder = await installOnce(OPERATOR_SCHEMAS);
  return (await readdir(folder)).map((file) => join(folder, file));
}
