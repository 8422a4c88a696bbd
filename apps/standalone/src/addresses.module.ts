import { Global, Module } from '@nestjs/common';
import { ClipEncoderAddress } from '@gpt4video/abstractor/transport/clip.client';
import { FrameExtractorAddress as EncoderFrames } from '@gpt4video/clip-encoder/transport/frames.client';
import { AbstractorAddress } from '@gpt4video/dialogue/transport/abstractor.client';
import { StageAddresses } from '@gpt4video/gateway/transport/grpc/stage-addresses';
import { GrpcServer } from '@gpt4video/platform/grpc-server';
import { FrameExtractorAddress as SafetyFrames } from '@gpt4video/safety/transport/frames.client';
import { GenerationQueueAddress } from '@gpt4video/video-generator/transport/queue.client';
import { SafetyAddress } from '@gpt4video/video-generator/transport/safety.client';

const ADDRESSES = [ClipEncoderAddress, EncoderFrames, AbstractorAddress, SafetyFrames, GenerationQueueAddress, SafetyAddress];

/** Every service is behind the one gRPC server of this process. */
@Global()
@Module({
  providers: [
    ...ADDRESSES.map((address) => ({ provide: address, inject: [GrpcServer], useFactory: (server: GrpcServer) => ({ address: server.address }) })),
    { provide: StageAddresses, inject: [GrpcServer], useFactory: ({ address }: GrpcServer): StageAddresses => ({ frameExtractor: address, dialogue: address, safety: address }) },
  ],
  exports: [...ADDRESSES, StageAddresses],
})
export class AddressesModule {}
