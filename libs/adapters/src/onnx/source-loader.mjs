// Lets a worker thread run the TypeScript sources, as Jest does in the main thread: decorators, parameter properties and
// `.js` specifiers of `.ts` siblings are more than Node's own type stripping takes. Built code never loads this file.
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { transformSync } from '@swc/core';

const OPTIONS = {
  swcrc: false,
  sourceMaps: 'inline',
  module: { type: 'es6' },
  jsc: { parser: { syntax: 'typescript', decorators: true }, transform: { legacyDecorator: true, decoratorMetadata: true }, target: 'es2023' },
};

registerHooks({
  resolve(specifier, context, next) {
    const sibling = specifier.startsWith('.') && specifier.endsWith('.js') && context.parentURL?.endsWith('.ts');
    return next(sibling ? specifier.replace(/\.js$/, '.ts') : specifier, context);
  },
  load(url, context, next) {
    if (!url.endsWith('.ts')) return next(url, context);
    const { code } = transformSync(readFileSync(fileURLToPath(url), 'utf8'), OPTIONS);
    return { format: 'module', source: code, shortCircuit: true };
  },
});
