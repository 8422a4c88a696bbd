import type { Execution, ExecutionProvider } from '@gpt4video/ports/execution';
import { InferenceSession } from 'onnxruntime-node';
import { missingRuntimePart } from './cuda-libraries.js';
import { type Refusal, refusalOf, unavailable } from './refusal.js';

/** A graph to open. */
export interface GraphSource {
  /** The `.onnx` file, for messages too. */
  readonly path: string;
  /** Its bytes, where they are not the file's. */
  readonly bytes?: Uint8Array | undefined;
  /** Threads of one operator. */
  readonly threads: number;
}

/** The runtime's session and what computes it. */
export interface OpenedSession {
  readonly session: InferenceSession;
  readonly execution: Execution;
}

/**
 * Opens a graph on the first of the providers that can be had; the next one is tried only because it was named. Throws
 * `model_unavailable` naming the file, and for each provider what it lacks.
 */
export async function openSession(source: GraphSource, providers: readonly ExecutionProvider[]): Promise<OpenedSession> {
  const refusals: Refusal[] = [];
  for (const provider of providers) {
    try {
      const session = await create(source, provider);
      const [first] = refusals;
      return { session, execution: first === undefined ? { provider } : { provider, fallback: `${first.provider} cannot be had: ${first.why}` } };
    } catch (cause) {
      refusals.push(refusalOf(provider, cause));
    }
  }
  throw unavailable(source.path, refusals);
}

/** What the runtime is told of every graph, so that a measurement can ask it the same. */
export function sessionOptions(provider: ExecutionProvider, threads: number): InferenceSession.SessionOptions {
  // Threads that spin while they wait for work win a little on an idle machine and lose two thirds of the speed on a busy one,
  // and a process that holds eight models is a busy one.
  const extra = { session: { intra_op: { allow_spinning: '0' } } };
  return { executionProviders: [provider], intraOpNumThreads: threads, interOpNumThreads: 1, graphOptimizationLevel: 'all', logSeverityLevel: 3, extra };
}

function create({ path, bytes, threads }: GraphSource, provider: ExecutionProvider): Promise<InferenceSession> {
  const missing = provider === 'cuda' ? missingRuntimePart() : undefined;
  if (missing !== undefined) throw new Error(missing);
  const options = sessionOptions(provider, threads);
  return bytes === undefined ? InferenceSession.create(path, options) : InferenceSession.create(bytes, options);
}
