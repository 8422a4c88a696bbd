// Takes the pictures of the page that the docs show, on the real server: npm run pictures
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openBrowser } from '@gpt4video/testing/browser/system-browser';
import sharp from 'sharp';
import { startServer } from '../demo/server.mjs';
import { SCENES, talk } from './scenes.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const data = await mkdtemp(join(tmpdir(), 'gpt4video-pictures-'));
const server = await startServer({ root, data, key: 'sk-pictures-0123456789' });
const browser = await openBrowser();
await mkdir(join(root, 'docs/images'), { recursive: true });
try {
  const context = await browser.newContext({ deviceScaleFactor: 1.5 });
  const page = await context.newPage();
  await page.goto(server.url);
  await talk(page);
  for (const { name, path = '/', width, height, colours, prepare } of SCENES) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme: colours });
    await page.goto(new URL(path, server.url).href);
    await prepare(page);
    // Pictures and transitions are there.
    await page.waitForTimeout(1_200);
    const file = join(root, 'docs/images', `${name}.webp`);
    const { size } = await sharp(await page.screenshot()).webp({ quality: 86 }).toFile(file);
    process.stdout.write(`docs/images/${name}.webp ${(size / 1e3).toFixed(0)} kB\n`);
  }
} finally {
  await browser.close();
  await server.stop();
  await rm(data, { recursive: true, force: true });
}
