import { useEffect, useState } from 'react';
import { getFile } from '../api/files';
import type { ApiFile } from '../api/types';
import { Icon } from '../icon';
import type { Clip } from './entry';
import { movesAllowed } from './motion';
import { useObjectUrl } from './use-object-url';

/** A clip of more bytes is not fetched to be shown; its frames are. */
const MOST_SHOWN_BYTES = 24_000_000;

/** A clip that the person showed, and under it the frames that the model saw of it. */
export function ClipCard({ clip }: { readonly clip: Clip }) {
  const file = useFile(clip.fileId);
  const url = useObjectUrl(file !== undefined && file.bytes <= MOST_SHOWN_BYTES ? `/v1/files/${file.id}/content` : undefined);
  const [playable, setPlayable] = useState(true);
  const count = file?.video.stills ?? 0;
  return (
    <figure className="clip" aria-label={`Clip ${clip.name}`}>
      {url !== undefined && file !== undefined && playable && <video src={url} style={{ aspectRatio: `${file.video.width} / ${file.video.height}` }} controls autoPlay={movesAllowed()} loop muted playsInline aria-label={clip.name} onError={() => setPlayable(false)} />}
      {count > 0 && (
        <ol className="frames" aria-label="Frames that the model saw">
          {Array.from({ length: count }, (_, frame) => (
            <li key={frame}>
              <Still path={`/v1/files/${file?.id}/frames/${frame}`} label={`Frame ${frame + 1} of ${count}`} />
            </li>
          ))}
        </ol>
      )}
      <figcaption>
        {clip.url !== undefined && <Icon name="link" />}
        <span className="name">{clip.name}</span>
        {count > 0 && <span className="faint">{count} frames the model saw</span>}
      </figcaption>
    </figure>
  );
}

function Still({ path, label }: { readonly path: string; readonly label: string }) {
  const url = useObjectUrl(path);
  return url === undefined ? <span className="still" /> : <img className="still" src={url} alt={label} />;
}

function useFile(id: string | undefined): ApiFile | undefined {
  const [file, setFile] = useState<ApiFile>();
  useEffect(() => {
    if (id === undefined) return undefined;
    let gone = false;
    // A clip that is no longer kept leaves its name.
    getFile(id).then((found) => !gone && setFile(found), () => undefined);
    return () => void (gone = true);
  }, [id]);
  return file;
}
