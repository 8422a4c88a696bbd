// File-level rules that Nx's project tags cannot see.
/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', comment: 'A cycle means that two files are one idea.', from: {}, to: { circular: true } },
    {
      name: 'model-domains-stay-apart',
      severity: 'error',
      comment: 'A domain of libs/model imports tensor/, random/, bundle/ and itself.',
      from: { path: '^libs/model/src/([^/]+)/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^libs/model/src/', pathNot: '^libs/model/src/(tensor|random|bundle|$1)/' },
    },
    {
      name: 'pure-code-has-no-io',
      severity: 'error',
      comment: 'libs/model and libs/ports use no Node builtin.',
      from: { path: '^libs/(model|ports)/src/', pathNot: '\\.spec\\.ts$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'one-import-site-for-the-runtime',
      severity: 'error',
      comment: 'ONNX Runtime is imported by its adapter only.',
      from: { pathNot: '^(libs/adapters/src/onnx/|bench/)' },
      to: { path: 'node_modules/onnxruntime-' },
    },
    {
      name: 'apps-do-not-import-apps',
      severity: 'error',
      comment: 'Only standalone composes the other apps; the command line administers the gateway’s tables with the gateway’s own code.',
      from: { path: '^apps/([^/]+)/', pathNot: '^apps/(standalone/|cli/src/admin/)' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules|/gen/' },
    exclude: { path: '(/dist/|/gen/|test/architecture/fixtures)' },
    tsPreCompilationDeps: false,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['development', 'import', 'node', 'default'], extensions: ['.ts', '.tsx', '.js', '.mjs'] },
  },
};
