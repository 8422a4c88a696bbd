// `npm run api:docs`: writes docs/api/errors.md from the table of codes; with --check it only says whether the page is that of the code.
import { readFile, writeFile } from 'node:fs/promises';
import { API_ERRORS } from '../apps/gateway/dist/transport/http/api-errors.js';

const PAGE = new URL('../docs/api/errors.md', import.meta.url);
const rows = API_ERRORS.map(({ status, code, type, meaning }) => `| ${status} | \`${code}\` | \`${type}\` | ${meaning} |`);
const page = `# Errors

Every refusal and fault is \`{"error": {"message", "type", "param", "code"}}\` with an \`x-request-id\`; quote it when you report one. Branch on
\`code\`; \`message\` is for people. 429 and 503 carry \`Retry-After\` and \`retry-after-ms\`, which the stock clients obey. Made by
\`npm run api:docs\`.

| status | code | type | what it means and what to do |
| --- | --- | --- | --- |
${rows.join('\n')}

A film that was accepted and is not made tells why in its own \`error.code\`: \`moderation_blocked.output\` (the film was declined; asking again
does not help), \`cancelled\`, \`generation_failed\` (\`retryable\` says whether asking again may help).
`;

const kept = await readFile(PAGE, 'utf8').catch(() => '');
if (!process.argv.includes('--check')) await writeFile(PAGE, page);
else if (kept !== page) {
  process.stderr.write('docs/api/errors.md is not that of the code; run npm run api:docs\n');
  process.exitCode = 1;
}
