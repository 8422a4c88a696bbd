import { HealthServer } from './health-server.js';
import { Health } from './health.js';
import { Metrics } from './metrics.js';

const MODEL = { name: 'vision', revision: '0123456789ab', inputs: [{ name: 'pixels', type: 'float32', shape: ['N', 3, 112, 112] }], outputs: [], execution: { provider: 'cpu' } } as const;

describe('health over HTTP', () => {
  const health = new Health();
  const metrics = new Metrics();
  const server = new HealthServer(health, metrics);
  let base: string;
  const get = async (path: string) => {
    const response = await fetch(`${base}${path}`);
    const body = await response.text();
    return { status: response.status, body: body.startsWith('{') ? (JSON.parse(body) as unknown) : body };
  };

  beforeAll(async () => {
    base = `http://127.0.0.1:${await server.listen({ host: '127.0.0.1', port: 0 })}`;
  });

  afterAll(() => server.close());

  it('live, ready and model ready are three things', async () => {
    const warm = health.addModel(MODEL);
    let database = 'down';
    health.addReadyCheck('database', () => {
      if (database === 'down') throw new Error('no connection');
    });
    expect(await get('/health/live')).toEqual({ status: 200, body: { ok: true, checks: {} } });
    expect(await get('/health/ready')).toEqual({ status: 503, body: { ok: false, checks: { process: 'starting', database: 'no connection', 'model:vision': 'loading' } } });
    expect(await get('/health/model')).toEqual({ status: 503, body: { ok: false, models: [{ ...MODEL, ready: false }] } });
    warm();
    expect((await get('/health/model')).status).toBe(200);
    health.open();
    expect((await get('/health/ready')).status).toBe(503);
    database = 'up';
    expect(await get('/health/ready')).toEqual({ status: 200, body: { ok: true, checks: { database: 'ok', 'model:vision': 'ok' } } });
    health.close('draining');
    expect(await get('/health/ready')).toMatchObject({ status: 503, body: { checks: { process: 'draining' } } });
    expect((await get('/health/live')).status).toBe(200);
  });

  it('a failed live check asks for a restart', async () => {
    health.addLiveCheck('worker', () => Promise.reject(new Error('the model thread ended')));
    expect(await get('/health/live')).toEqual({ status: 503, body: { ok: false, checks: { worker: 'the model thread ended' } } });
  });

  it('serves metrics and nothing else', async () => {
    metrics.collectProcess();
    expect((await get('/metrics?x=1')).body).toContain('process_cpu_seconds_total');
    expect((await get('/')).status).toBe(404);
  });
});

it('shows what it can do without, and stays ready', async () => {
  const health = new Health();
  health.open();
  health.addReadyCheck('facts', () => undefined);
  health.addNotice('facts', () => Promise.reject(new Error('no broker')));
  expect(await health.ready()).toEqual({ ok: true, checks: { facts: 'degraded: no broker' } });
});

it('a check that hangs counts as failed', async () => {
  const health = new Health();
  health.open();
  health.addReadyCheck('bus', () => new Promise(() => undefined));
  expect(await health.ready()).toEqual({ ok: false, checks: { bus: 'no answer within 2000 ms' } });
});
