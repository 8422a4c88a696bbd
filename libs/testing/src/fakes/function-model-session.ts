import { DomainError } from '@gpt4video/ports/errors';
import { ModelSession, type RunOptions, type TensorMap, type TensorSpec } from '@gpt4video/ports/model-session';

/** A model that is a function. As strict as a runtime: inputs must be those of the specs, tensors must fill their shapes, and a closed model runs no more. */
export class FunctionModelSession extends ModelSession {
  override readonly execution = { provider: 'cpu' } as const;
  private closed = false;

  constructor(
    override readonly inputs: readonly TensorSpec[],
    override readonly outputs: readonly TensorSpec[],
    private readonly compute: (inputs: TensorMap) => TensorMap,
  ) {
    super();
  }

  override async run(inputs: TensorMap, options: RunOptions = {}): Promise<TensorMap> {
    await Promise.resolve();
    if (this.closed) throw new DomainError('internal', 'The model is closed.');
    if (options.signal?.aborted === true) throw new DomainError('cancelled', 'The run was cancelled.');
    this.check(inputs);
    const computed = this.compute(inputs);
    const wanted = options.outputs ?? this.outputs.map(({ name }) => name);
    return Object.fromEntries(
      wanted.map((name) => {
        const tensor = computed[name];
        if (tensor === undefined) throw new DomainError('internal', `The model has no output "${name}".`);
        return [name, tensor];
      }),
    );
  }

  override async close(): Promise<void> {
    this.closed = true;
    await Promise.resolve();
  }

  private check(inputs: TensorMap): void {
    const names = this.inputs.map(({ name }) => name);
    const given = Object.entries(inputs).map(([name, { shape }]) => `${name} [${shape.join(', ')}]`);
    const refuse = (why: string): never => {
      throw new DomainError('internal', `${why}; given: ${given.join('; ')}.`);
    };
    for (const name of Object.keys(inputs)) if (!names.includes(name)) refuse(`unknown input "${name}"`);
    for (const spec of this.inputs) {
      const tensor = inputs[spec.name];
      if (tensor === undefined) return refuse(`missing input "${spec.name}"`);
      const fits = tensor.shape.length === spec.shape.length && spec.shape.every((axis, index) => typeof axis === 'string' || axis === tensor.shape[index]);
      if (!fits || tensor.data.length !== tensor.shape.reduce((product, axis) => product * axis, 1)) refuse(`input "${spec.name}" does not fit [${spec.shape.join(', ')}]`);
    }
  }
}
