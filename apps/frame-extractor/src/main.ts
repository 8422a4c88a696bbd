import 'reflect-metadata';
import { bootstrap, failStart } from '@gpt4video/platform/bootstrap';

try {
  // Loaded here, so that a faulty configuration ends the start with its list of faults.
  const { config } = await import('./config.js');
  const { AppModule } = await import('./app.module.js');
  await bootstrap(AppModule, 'frame-extractor', config);
} catch (error) {
  failStart('frame-extractor', error);
}
