/** What can compute a model, in the words of ONNX Runtime. */
export const EXECUTION_PROVIDERS = ['cpu', 'cuda'] as const;

/** One of them. */
export type ExecutionProvider = (typeof EXECUTION_PROVIDERS)[number];

/** What computes a loaded model. */
export interface Execution {
  readonly provider: ExecutionProvider;
  /** Why it is not the provider that was named first; absent when it is. For operators. */
  readonly fallback?: string;
}
