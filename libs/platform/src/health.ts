import type { Execution } from '@gpt4video/ports/execution';
import type { TensorSpec } from '@gpt4video/ports/model-session';

/** Throws, or rejects, when the component cannot work. The message is for operators. */
export type HealthCheck = () => Promise<void> | void;

/** A model that this process serves. */
export interface ModelInfo {
  /** Such as `vision`. */
  readonly name: string;
  /** Revision of the bundle, first 12 hexadecimal digits. */
  readonly revision: string;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  readonly execution: Execution;
}

/** A model and whether it is loaded and warmed. */
export interface ModelReport extends ModelInfo {
  readonly ready: boolean;
}

/** The answer to a probe. */
export interface HealthReport {
  readonly ok: boolean;
  /** `ok`, or what is wrong, by component; `degraded: …` for what the process can do without for a while. */
  readonly checks: Readonly<Record<string, string>>;
}

const CHECK_TIMEOUT_MS = 2_000;

/**
 * What components say of themselves. Live: the process need not be restarted. Ready: it takes work, because every
 * check passes, every model is warm and nobody drains it. Model ready: one model is loaded and warmed.
 */
export class Health {
  private readonly liveChecks = new Map<string, HealthCheck>();
  private readonly readyChecks = new Map<string, HealthCheck>();
  private readonly notices = new Map<string, HealthCheck>();
  private readonly known = new Map<string, ModelReport>();
  private readonly warmAfterMs = new Map<string, number>();
  private closedBecause: string | undefined = 'starting';

  /** Adds a check that must pass for traffic: a database, a bus, a store. */
  addReadyCheck(name: string, check: HealthCheck): void {
    this.readyChecks.set(name, check);
  }

  /** Adds a check whose failure only a restart can heal. */
  addLiveCheck(name: string, check: HealthCheck): void {
    this.liveChecks.set(name, check);
  }

  /** Adds a check that is shown and keeps nobody away: without that component, work is still accepted and done later. */
  addNotice(name: string, check: HealthCheck): void {
    this.notices.set(name, check);
  }

  /** Announces a model that is being loaded; call the returned function when it has been warmed. */
  addModel(info: ModelInfo): () => void {
    this.known.set(info.name, { ...info, ready: false });
    const { provider, fallback } = info.execution;
    if (fallback !== undefined) this.addNotice(`model:${info.name}`, () => Promise.reject(new Error(`computed by ${provider}: ${fallback}`)));
    return () => {
      this.known.set(info.name, { ...info, ready: true });
      this.warmAfterMs.set(info.name, performance.now());
    };
  }

  /** Takes traffic from now on. */
  open(): void {
    this.closedBecause = undefined;
  }

  /** Takes no more traffic; `reason` is shown. */
  close(reason: string): void {
    this.closedBecause = reason;
  }

  /** Whether the process is worth keeping. */
  live(): Promise<HealthReport> {
    return report(this.liveChecks);
  }

  /** Whether the process takes work. */
  async ready(): Promise<HealthReport> {
    const { checks } = await report(this.readyChecks);
    const models = this.models().map(({ name, ready }) => [`model:${name}`, ready ? 'ok' : 'loading']);
    const gate = this.closedBecause === undefined ? {} : { process: this.closedBecause };
    const all = { ...gate, ...checks, ...Object.fromEntries(models) } as Record<string, string>;
    const notices = Object.entries((await report(this.notices)).checks).filter(([name, state]) => state !== 'ok' && (all[name] ?? 'ok') === 'ok');
    const shown = Object.fromEntries(notices.map(([name, state]) => [name, `degraded: ${state}`]));
    return { ok: Object.values(all).every((state) => state === 'ok'), checks: { ...all, ...shown } };
  }

  /** Milliseconds from the start of the process until the model was warm; undefined while it loads. */
  warmAfter(model: string): number | undefined {
    return this.warmAfterMs.get(model);
  }

  /** Every model of the process. */
  models(): readonly ModelReport[] {
    return [...this.known.values()];
  }
}

async function report(checks: ReadonlyMap<string, HealthCheck>): Promise<HealthReport> {
  const entries = await Promise.all([...checks].map(async ([name, check]) => [name, await stateOf(check)] as const));
  return { ok: entries.every(([, state]) => state === 'ok'), checks: Object.fromEntries(entries) };
}

async function stateOf(check: HealthCheck): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`no answer within ${CHECK_TIMEOUT_MS} ms`), CHECK_TIMEOUT_MS);
  });
  try {
    const checked = Promise.resolve(check()).then(() => 'ok');
    return await Promise.race([checked, late]);
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : 'failed';
  } finally {
    clearTimeout(timer);
  }
}
