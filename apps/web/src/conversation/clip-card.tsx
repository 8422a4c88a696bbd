import type { Clip } from './state';
import { useObjectUrl } from './use-object-url';

const FRAMES_SEEN = 4;

/** A clip that the person showed, with the frames that the model sees. */
export function ClipCard({ clip }: { readonly clip: Clip }) {
  return (
    <figure className="clip">
      <div className="frames">
        {Array.from({ length: FRAMES_SEEN }, (_, frame) => (
          <Still key={frame} fileId={clip.fileId} frame={frame} />
        ))}
      </div>
      <figcaption>{clip.name} · the frames the model sees</figcaption>
    </figure>
  );
}

function Still({ fileId, frame }: { readonly fileId: string; readonly frame: number }) {
  const url = useObjectUrl(`/v1/files/${fileId}/frames/${frame}`);
  if (url === undefined) return <span className="still pending" />;
  return <img className="still" src={url} alt={`Frame ${frame + 1} of ${FRAMES_SEEN} sampled from the clip`} />;
}
