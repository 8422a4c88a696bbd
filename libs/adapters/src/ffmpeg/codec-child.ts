import { type ChildProcess, fork } from 'node:child_process';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { DomainError } from '@gpt4video/ports/errors';
import type { CodecCommand, CodecReply, FrameReply } from './process/messages.js';

/** From sources, siblings that are imported as `.js` are `.ts`; Node strips the types. */
const RESOLVE_SOURCES = `import { registerHooks } from 'node:module';
registerHooks({ resolve(name, context, next) {
  try { return next(name, context); } catch (error) {
    if (name.startsWith('.') && name.endsWith('.js')) return next(name.slice(0, -3) + '.ts', context);
    throw error;
  }
} });`;

/** One codec process. Answers one command at a time; unusable after it crashed or was killed. */
export class CodecChild {
  private readonly child: ChildProcess;
  private pending: { readonly resolve: (reply: CodecReply) => void; readonly onFrame: (frame: FrameReply) => void } | undefined;
  private isAlive = true;

  constructor() {
    const fromSources = import.meta.url.endsWith('.ts');
    const program = fileURLToPath(new URL(`./process/codec-process.${fromSources ? 'ts' : 'js'}`, import.meta.url));
    const loader = fromSources ? ['--conditions=development', `--import=data:text/javascript,${encodeURIComponent(RESOLVE_SOURCES)}`] : [];
    this.child = fork(program, [], { execArgv: ['--disable-warning=ExperimentalWarning', ...loader], env: { TMPDIR: tmpdir() }, serialization: 'advanced', stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    this.child.on('message', (reply: CodecReply) => this.receive(reply));
    this.child.once('exit', () => this.ended());
    this.child.once('error', () => this.ended());
    this.rest();
  }

  /** False once it has ended. */
  get alive(): boolean {
    return this.isAlive;
  }

  /** Sends a command and resolves with what ends it. Throws `invalid_video` when the process dies of it. */
  async ask(command: CodecCommand, onFrame: (frame: FrameReply) => void = () => undefined): Promise<CodecReply> {
    if (!this.isAlive) throw crashed();
    this.child.ref();
    this.child.channel?.ref();
    try {
      const reply = await new Promise<CodecReply>((resolve) => {
        this.pending = { resolve, onFrame };
        this.child.send(command, (error) => {
          if (error !== null) this.ended();
        });
      });
      if (reply.kind === 'refused') throw new DomainError(reply.code, reply.message);
      return reply;
    } finally {
      this.pending = undefined;
      this.rest();
    }
  }

  /** Ends the process at once, whatever it does. */
  kill(): void {
    this.child.kill('SIGKILL');
    this.ended();
  }

  private receive(reply: CodecReply): void {
    if (reply.kind === 'frame') this.pending?.onFrame(reply);
    else this.pending?.resolve(reply);
  }

  private ended(): void {
    this.isAlive = false;
    this.pending?.resolve({ kind: 'refused', code: 'invalid_video', message: crashed().message });
  }

  /** An idle process must not keep ours from ending. */
  private rest(): void {
    this.child.unref();
    this.child.channel?.unref();
  }
}

function crashed(): DomainError {
  return new DomainError('invalid_video', 'The video is damaged in a way that stops its decoding; export it again and upload it.');
}
