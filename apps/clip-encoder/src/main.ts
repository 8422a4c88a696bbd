import 'reflect-metadata';
import { bootstrap, failStart } from '@gpt4video/platform/bootstrap';

try {
  // Loaded here, so that a faulty configuration ends the start with its list of faults.
  const { config } = await import('./config.js');
  await bootstrap('clip-encoder', config, async () => (await import('./app.module.js')).AppModule);
} catch (error) {
  failStart('clip-encoder', error);
}
