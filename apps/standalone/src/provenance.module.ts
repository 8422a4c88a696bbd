import { join } from 'node:path';
import { Global, Module } from '@nestjs/common';
import { C2paReader } from '@gpt4video/adapters/c2pa/c2pa-reader';
import { C2paSigner } from '@gpt4video/adapters/c2pa/c2pa-signer';
import { signerIdentity, trustedRoot, watermarkSecrets } from '@gpt4video/adapters/c2pa/film-identity';
import { KnownMarks } from '@gpt4video/frame-extractor/core/known-marks';
import { markKeyOf } from '@gpt4video/model/watermark/mark-key';
import { Clock } from '@gpt4video/ports/clock';
import { ProvenanceReader, ProvenanceSigner } from '@gpt4video/ports/provenance';
import { FilmMark } from '@gpt4video/video-generator/core/film-mark';
import { StandaloneOptions } from './options.js';

const folderOf = ({ arguments: { data } }: StandaloneOptions) => ({ folder: join(data, 'provenance') });
const inject = [StandaloneOptions, Clock];

/** What marks and recognises this machine's films; made once and kept in the data folder. */
@Global()
@Module({
  providers: [
    { provide: ProvenanceSigner, inject, useFactory: async (options: StandaloneOptions, clock: Clock) => await C2paSigner.open(await signerIdentity(folderOf(options), new Date(clock.now()))) },
    { provide: ProvenanceReader, inject, useFactory: async (options: StandaloneOptions, clock: Clock) => await C2paReader.open(await trustedRoot(folderOf(options), new Date(clock.now()))) },
    { provide: KnownMarks, inject, useFactory: async (options: StandaloneOptions): Promise<KnownMarks> => ({ keys: (await watermarkSecrets(folderOf(options))).map(markKeyOf) }) },
    { provide: FilmMark, inject: [KnownMarks], useFactory: ({ keys: [first] }: KnownMarks) => first },
  ],
  exports: [ProvenanceSigner, ProvenanceReader, KnownMarks, FilmMark],
})
export class ProvenanceModule {}
