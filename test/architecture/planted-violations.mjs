// Lints planted bad code as if it stood at the given path, with the repository's own configuration,
// and prints for each plant the rules that spoke. The Nx rule needs a cached project graph, so one is made first.
import { createProjectGraphAsync } from '@nx/devkit';
import { ESLint } from 'eslint';

export const PLANTS = [
  { name: 'ports import a package', file: 'libs/ports/src/planted.ts', code: "import { z } from 'zod';\nexport const a = z;\n", rule: '@nx/enforce-module-boundaries' },
  { name: 'model imports an adapter', file: 'libs/model/src/frames/planted.ts', code: "import { OnnxModelSession } from '@gpt4video/adapters/onnx/onnx-model-session';\nexport const a = OnnxModelSession;\n", rule: '@nx/enforce-module-boundaries' },
  { name: 'model imports the runtime', file: 'libs/model/src/clip/planted.ts', code: "import * as ort from 'onnxruntime-node';\nexport const a = ort.env;\n", rule: '@nx/enforce-module-boundaries' },
  { name: 'model imports Nest', file: 'libs/model/src/clip/planted.ts', code: "import { Injectable } from '@nestjs/common';\nexport const a = Injectable;\n", rule: '@nx/enforce-module-boundaries' },
  { name: 'model reads a file', file: 'libs/model/src/clip/planted.ts', code: "import { readFileSync } from 'node:fs';\nexport const a = readFileSync;\n", rule: 'no-restricted-imports' },
  { name: 'model uses global randomness', file: 'libs/model/src/random/planted.ts', code: 'export const a = Math.random();\n', rule: 'no-restricted-properties' },
  { name: 'model reads the clock', file: 'libs/model/src/diffusion/planted.ts', code: 'export const a = Date.now();\n', rule: 'no-restricted-properties' },
  { name: 'platform imports an adapter', file: 'libs/platform/src/planted.ts', code: "import { SystemClock } from '@gpt4video/adapters/system/system-clock';\nexport const a = SystemClock;\n", rule: '@nx/enforce-module-boundaries' },
  { name: 'a core imports the wire', file: 'apps/dialogue/src/core/planted.ts', code: "import { encodeFact } from '@gpt4video/contracts/event-codec';\nexport const a = encodeFact;\n", rule: 'no-restricted-imports' },
  { name: 'a core imports rxjs', file: 'apps/dialogue/src/core/planted.ts', code: "import { of } from 'rxjs';\nexport const a = of;\n", rule: 'no-restricted-imports' },
  { name: 'a transport names an adapter', file: 'apps/safety/src/transport/planted.ts', code: "import { FilesystemObjectStore } from '@gpt4video/adapters/filesystem/filesystem-object-store';\nexport const a = FilesystemObjectStore;\n", rule: 'no-restricted-imports' },
  { name: 'an app imports the runtime', file: 'apps/clip-encoder/src/app.module.ts', code: "import * as ort from 'onnxruntime-node';\nexport const a = ort.env;\n", rule: '@nx/enforce-module-boundaries' },
  { name: 'an app imports another app', file: 'apps/abstractor/src/core/planted.ts', code: "import { ClipEncoderModule } from '@gpt4video/clip-encoder/clip-encoder.module';\nexport const a = ClipEncoderModule;\n", rule: '@nx/enforce-module-boundaries' },
  { name: 'a deep import into another package', file: 'apps/gateway/src/transport/planted.ts', code: "import { DomainError } from '@gpt4video/ports/src/errors';\nexport const a = DomainError;\n", rule: 'no-restricted-imports' },
  { name: 'a barrel', file: 'libs/contracts/src/planted.ts', code: "export * from './topics.js';\n", rule: 'no-restricted-syntax' },
  { name: 'any', file: 'libs/contracts/src/planted.ts', code: 'export const a: any = 1;\n', rule: '@typescript-eslint/no-explicit-any' },
  { name: 'a non-null assertion', file: 'libs/contracts/src/planted.ts', code: 'declare const b: string | undefined;\nexport const a: string = b!;\n', rule: '@typescript-eslint/no-non-null-assertion' },
  { name: 'six parameters', file: 'libs/contracts/src/planted.ts', code: 'export const a = (b: 1, c: 1, d: 1, e: 1, f: 1, g: 1) => [b, c, d, e, f, g];\n', rule: 'max-params' },
  { name: 'the environment outside config', file: 'apps/gateway/src/transport/planted.ts', code: "export const a = process.env['HOME'];\n", rule: 'no-restricted-properties' },
  { name: 'a fake in production code', file: 'apps/gateway/src/transport/planted.ts', code: "import { FakeClock } from '@gpt4video/testing/fakes/fake-clock';\nexport const a = FakeClock;\n", rule: 'no-restricted-imports' },
];

// Planted files do not exist, so the rules that need types of a whole project are left out here.
const withoutTypes = {
  files: ['**/*.ts'],
  languageOptions: { parserOptions: { projectService: false } },
  rules: { '@typescript-eslint/no-floating-promises': 'off', '@typescript-eslint/no-misused-promises': 'off' },
};

if (process.argv[1]?.endsWith('planted-violations.mjs')) {
  await createProjectGraphAsync();
  const eslint = new ESLint({ overrideConfig: [withoutTypes] });
  const results = [];
  for (const { name, file, code, rule } of PLANTS) {
    const [result] = await eslint.lintText(code, { filePath: file });
    results.push({ name, rule, spoke: result.messages.map((message) => message.ruleId ?? message.message) });
  }
  process.stdout.write(JSON.stringify(results));
}
