import { z } from 'zod';
import { CHART, example, helm } from './rig/helm.js';
import { manifestsOf, type Manifest, render } from './rig/manifests.js';

const route = z.looseObject({ rules: z.array(z.looseObject({ backendRefs: z.array(z.object({ name: z.string(), port: z.number(), weight: z.number().int() })) })) });
const service = z.looseObject({ selector: z.record(z.string(), z.string()), ports: z.array(z.looseObject({ name: z.string(), port: z.number() })) });

describe('a canary by weight', () => {
  let next: readonly Manifest[];
  const routeOf = (manifests: readonly Manifest[]) => manifests.filter(({ kind }) => kind === 'HTTPRoute').map(({ ['spec']: spec }) => route.parse(spec).rules.flatMap(({ backendRefs }) => backendRefs));
  const servicesOf = (manifests: readonly Manifest[]) => new Map(manifests.filter(({ kind }) => kind === 'Service').map(({ metadata, ['spec']: spec }) => [metadata.name, service.parse(spec)]));
  const first = (weight: number) => render('production', 'publicApi.canary.release=next-gpt4video', `publicApi.canary.weight=${weight}`);

  beforeAll(async () => {
    const { stdout } = await helm('template', 'next', CHART, '--namespace', 'gpt4video', '--values', example('production'), '--values', example('canary'));
    next = manifestsOf(stdout);
  });

  it.each([0, 5, 50, 100])('of %d gives so many of a hundred requests to the second release, and the rest to the first', async (weight) => {
    const [refs = []] = routeOf(await first(weight));
    // The Gateway API shares requests in proportion to the weights.
    const share = new Map(refs.map(({ name, weight: own }) => [name, own / refs.reduce((sum, each) => sum + each.weight, 0)]));
    expect(share).toEqual(new Map([['gpt4video-gateway-http', 1 - weight / 100], ['next-gpt4video-gateway-http', weight / 100]]));
  });

  it('points to a Service and a port that each release has, whose pods are its own', async () => {
    const manifests = await first(5);
    const services = [servicesOf(manifests), servicesOf(next)];
    const [refs = []] = routeOf(manifests);
    const reached = refs.map(({ name, port }, index) => {
      const found = services[index]?.get(name);
      return [found?.selector['app.kubernetes.io/instance'], found?.selector['app.kubernetes.io/component'], found?.ports.map(({ port: own }) => own).includes(port)];
    });
    expect(reached).toEqual([['gpt4video', 'gateway', true], ['next', 'gateway', true]]);
  });

  it('makes no route of its own and nothing that the first release owns', async () => {
    expect(routeOf(next)).toEqual([]);
    const names = new Set((await first(5)).map(({ kind, metadata }) => `${kind} ${metadata.name}`));
    expect(next.map(({ kind, metadata }) => `${kind} ${metadata.name}`).filter((name) => names.has(name))).toEqual([]);
  });

  it('ends when no release is named', async () => {
    const [refs = []] = routeOf(await render('production'));
    expect(refs).toEqual([{ name: 'gpt4video-gateway-http', port: 80, weight: 100 }]);
  });
});
