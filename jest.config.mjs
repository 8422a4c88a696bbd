// One project per kind of test, so that each can be run by name: npm run jest -- --selectProjects unit
const shared = {
  rootDir: import.meta.dirname,
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['development', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: {
    '^.+\\.tsx?$': [
      '@swc/jest',
      {
        swcrc: false,
        sourceMaps: 'inline',
        module: { type: 'es6' },
        jsc: {
          parser: { syntax: 'typescript', decorators: true, tsx: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
          target: 'es2023',
          keepClassNames: true,
        },
      },
    ],
  },
  // Sources import their siblings as `.js`, as Node will; under test the sibling is still `.ts`.
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  modulePathIgnorePatterns: ['<rootDir>/.*/dist/', '<rootDir>/.nx/'],
  setupFiles: ['reflect-metadata'],
};

const project = (displayName, testMatch, extra = {}) => ({ ...shared, displayName, testMatch: testMatch.map((glob) => `<rootDir>/${glob}`), ...extra });

export default {
  projects: [
    project('unit', ['libs/*/src/**/*.spec.ts', 'apps/*/src/**/*.spec.ts']),
    project('contract', ['test/contract/**/*.spec.ts']),
    project('architecture', ['test/architecture/**/*.spec.ts']),
    project('e2e', ['test/e2e/**/*.e2e-spec.ts', 'apps/*/test/**/*.e2e-spec.ts']),
    project('chaos', ['test/chaos/**/*.spec.ts']),
    // Whole clusters; scripts/test.mjs gives each the machine to itself.
    project('cluster', ['test/cluster/**/*.spec.ts']),
    project('helm', ['test/helm/**/*.spec.ts']),
    project('browser', ['test/browser/**/*.spec.ts']),
  ],
  testTimeout: 60_000,
};
