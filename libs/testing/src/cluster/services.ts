/** One service of the cluster: what it needs and whom it calls. */
export interface ServiceNeeds {
  readonly objects: boolean;
  readonly facts: boolean;
  /** Variable of its configuration → the service whose address it holds. */
  readonly calls: Readonly<Record<string, ServiceName>>;
}

/** Names of the services. */
export type ServiceName = 'frame-extractor' | 'clip-encoder' | 'abstractor' | 'dialogue' | 'safety' | 'video-generator' | 'gateway';

/** Every service, in the order in which they stop: who holds work that others finish goes before them. */
export const SERVICES: Readonly<Record<ServiceName, ServiceNeeds>> = {
  'video-generator': { objects: true, facts: true, calls: { GPT4VIDEO_GENERATION_QUEUE_ADDRESS: 'gateway', GPT4VIDEO_SAFETY_ADDRESS: 'safety' } },
  gateway: {
    objects: true,
    facts: true,
    calls: { GPT4VIDEO_FRAME_EXTRACTOR_ADDRESS: 'frame-extractor', GPT4VIDEO_DIALOGUE_ADDRESS: 'dialogue', GPT4VIDEO_SAFETY_ADDRESS: 'safety' },
  },
  dialogue: { objects: false, facts: false, calls: { GPT4VIDEO_ABSTRACTOR_ADDRESS: 'abstractor' } },
  abstractor: { objects: true, facts: true, calls: { GPT4VIDEO_CLIP_ENCODER_ADDRESS: 'clip-encoder' } },
  'clip-encoder': { objects: true, facts: true, calls: { GPT4VIDEO_FRAME_EXTRACTOR_ADDRESS: 'frame-extractor' } },
  safety: { objects: true, facts: true, calls: { GPT4VIDEO_FRAME_EXTRACTOR_ADDRESS: 'frame-extractor' } },
  'frame-extractor': { objects: true, facts: true, calls: {} },
};

/** Names of the services, in the order in which they stop. */
export const SERVICE_NAMES = Object.keys(SERVICES) as ServiceName[];

/** True for the name of a service. */
export function isServiceName(text: string): text is ServiceName {
  return Object.hasOwn(SERVICES, text);
}
