// The program of the process in which files are decoded: native code that meets hostile bytes lives and dies here.
import { AV_LOG_QUIET } from 'node-av/constants';
import { Log } from 'node-av/lib';
import { type CodecCommand, type CodecReply, Refusal } from './messages.js';
import { encodeMp4 } from './mp4-encoder.js';
import { VideoJob } from './video-job.js';

Log.setLevel(AV_LOG_QUIET);
let job: VideoJob | undefined;

process.on('message', (command: CodecCommand) => {
  try {
    reply(handle(command));
  } catch (error) {
    reply(error instanceof Refusal ? { kind: 'refused', code: error.code, message: error.message } : { kind: 'failed', message: String(error) });
  }
});
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));

function handle(command: CodecCommand): CodecReply {
  switch (command.kind) {
    case 'open':
      job = new VideoJob(command.path, command.limits, command.keptBytes);
      return { kind: 'facts', facts: job.facts };
    case 'frames':
      job?.decode(command.indexes, command.maxSide, reply);
      return { kind: 'done' };
    case 'encode':
      return { kind: 'encoded', bytes: encodeMp4(command.request) };
    case 'close':
      job?.free();
      job = undefined;
      return { kind: 'done' };
  }
}

function reply(message: CodecReply): void {
  process.send?.(message);
}
