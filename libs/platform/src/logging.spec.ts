import { DomainError } from '@gpt4video/ports/errors';
import { createLogger, NestLogger, type LogOptions } from './logging.js';
import { runInRequest } from './request-context.js';

function rig(options: Partial<LogOptions> = {}) {
  const lines: string[] = [];
  const logger = createLogger({ app: 'dialogue', level: 'info', format: 'json', write: (line) => lines.push(line), ...options });
  return { logger, lines, last: () => JSON.parse(lines.at(-1) ?? '{}') as Record<string, unknown> };
}

describe('a JSON line', () => {
  it('has time, level, app, message, fields and the request', () => {
    const { logger, last } = rig();
    runInRequest({ requestId: 'req-1' }, () => logger.info('turn answered', { tokens: 42 }));
    expect(last()).toEqual({ time: expect.stringMatching(/^\d{4}-.*Z$/), level: 'info', app: 'dialogue', message: 'turn answered', tokens: 42, request_id: 'req-1' });
  });

  it('is not written below the level', () => {
    const { logger, lines } = rig({ level: 'warn' });
    logger.info('quiet');
    logger.warn('loud');
    expect(lines).toHaveLength(1);
  });

  it('never holds keys, prompts or content', () => {
    const { logger, lines } = rig();
    logger.info('request', { apiKey: 'sk-1', headers: { authorization: 'Bearer sk-2' }, prompt: 'secret-3', message_part: { text: 'secret-4', content: 'secret-5' } });
    expect(lines[0]).not.toMatch(/sk-\d|secret-\d/);
    expect(lines[0]).toContain('[redacted]');
  });

  it('holds an error with its causes', () => {
    const { logger, last } = rig();
    logger.error('call failed', { err: new DomainError('internal', 'Something went wrong.', { cause: new Error('disk on fire') }) });
    expect(JSON.stringify(last()['err'])).toContain('disk on fire');
  });
});

describe('an error in a line', () => {
  const fileName = 'my wedding.mp4';

  it('tells no more than the code of a mistake of the client, whose message quotes them', () => {
    const { logger, last } = rig();
    const mistake = new DomainError('invalid_video', `The file "${fileName}" is empty.`, { cause: new Error(fileName) });
    logger.info('request failed', { err: mistake });
    expect(last()['err']).toEqual({ type: 'DomainError', code: 'invalid_video' });
    logger.error('call failed', { err: new DomainError('internal', 'Something went wrong.', { cause: mistake }) });
    expect(last()['err']).toMatchObject({ message: 'Something went wrong.', cause: { code: 'invalid_video' } });
    expect(JSON.stringify(last())).not.toContain(fileName);
  });

  it('tells nothing that a driver hung on it', () => {
    const { logger, last } = rig();
    logger.error('query failed', { err: Object.assign(new Error('duplicate key'), { code: '23505', detail: `Key (filename)=(${fileName})` }) });
    expect(last()['err']).toEqual({ type: 'Error', code: '23505', message: 'duplicate key', stack: expect.any(String) });
  });
});

describe('a pretty line', () => {
  it('is one line whatever happens', () => {
    const { logger, lines } = rig({ format: 'pretty' });
    logger.warn('call\nfailed', { code: 'overloaded', note: 'two words', err: new Error('line 1\nline 2') });
    expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d\.\d{3} WARN  dialogue call failed code=overloaded note="two words" error="line 1 line 2"\n$/);
  });
});

describe('a pretty line of an error', () => {
  it('names the cause too', () => {
    const { logger, lines } = rig({ format: 'pretty' });
    logger.error('call failed', { err: new DomainError('internal', 'Something went wrong.', { cause: new Error('disk on fire') }) });
    expect(lines[0]).toMatch(/error="Something went wrong." error="disk on fire"/);
  });
});

describe('NestLogger', () => {
  it('writes through ours, with the context', () => {
    const { logger, last } = rig();
    new NestLogger(logger).log('model warmed', 'EncodeVideo');
    expect(last()).toMatchObject({ level: 'info', message: 'model warmed', context: 'EncodeVideo' });
  });

  it('takes the fields of a structured line, and its message', () => {
    const { logger, lines, last } = rig();
    new NestLogger(logger).log({ message: 'filming', attempt: 2 }, 'FilmWorker');
    expect(last()).toMatchObject({ message: 'filming', attempt: 2, context: 'FilmWorker' });
    expect(lines[0]?.match(/"message"/g)).toHaveLength(1);
  });

  it("keeps the framework's own talk for debugging", () => {
    const { logger, lines } = rig();
    new NestLogger(logger).log('AppModule dependencies initialized', 'InstanceLoader');
    expect(lines).toEqual([]);
  });

  it('keeps an error and its stack', () => {
    const { logger, last } = rig();
    const nest = new NestLogger(logger);
    nest.error(new TypeError('no such thing'), 'stack of it', 'Injector');
    expect(last()).toMatchObject({ level: 'error', message: 'no such thing', stack: 'stack of it', context: 'Injector' });
    nest.error('boot failed', new Error('port taken'), 'Main');
    expect(last()).toMatchObject({ message: 'boot failed', context: 'Main', err: { message: 'port taken' } });
  });
});
