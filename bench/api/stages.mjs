// Stages that do as the question says and take no time: what is left of a turn is what the gateway adds. Prints where it listens.
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { DialogueServiceService, FinishReason } from '@gpt4video/contracts/gen/gpt4video/dialogue/v1/dialogue_service';
import { FramesServiceService } from '@gpt4video/contracts/gen/gpt4video/frames/v1/frames_service';
import { SafetyServiceService } from '@gpt4video/contracts/gen/gpt4video/safety/v1/safety_service';
import { planOf } from './plan.mjs';

const server = new Server({ 'grpc.max_receive_message_length': -1 });
const verdict = (stage) => ({ allowed: true, category: '', score: 0.01, threshold: 0.5, policyVersion: 'bench', scores: {}, flagged: [], stage });

server.addService(DialogueServiceService, {
  converse(call) {
    const { content } = call.request.messages.at(-1);
    const plan = planOf(content.map(({ part }) => (part?.$case === 'text' ? part.text : '')).join(''));
    const say = (text) => call.write({ event: { $case: 'text', text: { text } } });
    const timer = plan.speak(say, () => {
      call.write({ event: { $case: 'finish', finish: { reason: FinishReason.FINISH_REASON_STOP, promptTokens: 10, videoTokens: 0, completionTokens: plan.count, cachedTokens: 0, firstTokenMs: 0, modelMs: 0, visionMs: 0, bundleRevision: 'bench', seed: 1 } } });
      call.end();
    });
    call.on('cancelled', () => clearInterval(timer()));
  },
});
server.addService(SafetyServiceService, {
  screenText: ({ request }, answer) => answer(null, { verdicts: request.texts.map(() => verdict(request.stage)) }),
  screenVideo: (_, answer) => answer(null, { verdict: verdict(1), frames: [] }),
  screenFrames: (_, answer) => answer(null, { verdict: verdict(4), frames: [] }),
});
server.addService(FramesServiceService, {
  extractFrames({ request: { video } }, answer) {
    const facts = { container: 'mp4', codec: 'h264', width: 128, height: 128, durationMs: 2_000, frameCount: 16, frameRate: 8 };
    answer(null, { frames: { understanding: video, screening: video, thumbnail: video, facts, understandingTimestampsMs: [0], screeningTimestampsMs: [0], stills: [{ ...video, mediaType: 'image/jpeg' }] } });
  },
});
server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
  if (error !== null) throw error;
  process.stdout.write(`127.0.0.1:${port}\n`);
});
process.once('SIGTERM', () => process.exit(0));
