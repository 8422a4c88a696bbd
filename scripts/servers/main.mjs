// `npm run servers [-- kafka minio …]`: installs the real servers that tests and the cluster start, all of them or those named.
import { serversFolder } from '@gpt4video/testing/servers/config';
import { installOnce } from '@gpt4video/testing/servers/install-once';
import { INSTALLATIONS } from '@gpt4video/testing/servers/installations';

const names = process.argv.slice(2);
const unknown = names.filter((name) => !INSTALLATIONS.some((each) => each.name === name));
if (unknown.length > 0) {
  process.stderr.write(`servers: there is no ${unknown.join(', ')}; name some of ${INSTALLATIONS.map(({ name }) => name).join(', ')}, or none for all\n`);
  process.exit(2);
}

let failed = 0;
for (const installation of INSTALLATIONS.filter(({ name }) => names.length === 0 || names.includes(name))) {
  try {
    const folder = await installOnce(installation);
    process.stdout.write(`${installation.name.padEnd(15)} ${folder}\n`);
  } catch (error) {
    failed += 1;
    process.stderr.write(`${installation.name.padEnd(15)} ${error.message}\n`);
  }
}
if (failed > 0) process.stderr.write(`servers: ${failed} could not be installed under ${serversFolder()}\n`);
process.exitCode = failed === 0 ? 0 : 1;
