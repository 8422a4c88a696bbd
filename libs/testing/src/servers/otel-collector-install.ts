import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildGoProgram, GO } from './go-program.js';
import type { Installation } from './install-once.js';
import { runTool } from './run-tool.js';

const VERSION = '0.165.0';
const CORE = 'go.opentelemetry.io/collector';
const CONTRIB = 'github.com/open-telemetry/opentelemetry-collector-contrib';

// Imported by a test of the file exporter alone; an empty package in its place spares the module, which not every proxy has.
const TEST_ONLY = `${CONTRIB}/extension/encoding/otlpencodingextension`;

const MANIFEST = `dist: {name: otelcol, output_path: ./build, version: ${VERSION}, module: local/otelcol}
receivers:
  - {gomod: ${CORE}/receiver/otlpreceiver v${VERSION}}
processors:
  - {gomod: ${CORE}/processor/batchprocessor v${VERSION}}
  - {gomod: ${CORE}/processor/memorylimiterprocessor v${VERSION}}
exporters:
  - {gomod: ${CORE}/exporter/debugexporter v${VERSION}}
  - {gomod: ${CORE}/exporter/otlphttpexporter v${VERSION}}
  - {gomod: ${CONTRIB}/exporter/fileexporter v${VERSION}}
replaces:
  - ${TEST_ONLY} => ../empty
`;

/** The OpenTelemetry collector with what our configurations use, put together by its own builder. */
export const OTEL_COLLECTOR: Installation = {
  name: 'otel-collector',
  version: VERSION,
  cost: 'about two minutes of Go compiler',
  install: async (folder) => {
    await buildGoProgram(folder, 'builder', { path: `${CORE}/cmd/builder`, version: `v${VERSION}` });
    await writeFile(join(folder, 'builder.yaml'), MANIFEST);
    await mkdir(join(folder, 'empty'));
    await writeFile(join(folder, 'empty', 'go.mod'), `module ${TEST_ONLY}\n`);
    await writeFile(join(folder, 'empty', 'empty.go'), 'package otlpencodingextension\n');
    await runTool({ program: join(folder, 'builder'), remedy: GO.remedy }, ['--config', 'builder.yaml', '--ldflags=-s -w'], { cwd: folder, env: { CGO_ENABLED: '0' } });
    await rename(join(folder, 'build', 'otelcol'), join(folder, 'otelcol'));
    for (const left of ['build', 'builder', 'empty']) await rm(join(folder, left), { recursive: true });
  },
};
