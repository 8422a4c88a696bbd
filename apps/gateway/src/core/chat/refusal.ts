/** What a person reads when the turn was declined. Clients send it back in the history, where it is recognised. */
export const REFUSAL = 'I can’t help with that. Ask me about something else, or show me another video.';

/** What a person reads in place of a video whose caption was declined. */
export const CAPTION_REFUSAL = 'I can’t make that video.';
