const UUID = 'uuid';
const C2PA_BOX = Buffer.from('d8fec3d61b0e483c92975828877ec481', 'hex');
const XMP_BOX = Buffer.from('be7acfcb97a942e89c71999491e3afac', 'hex');

interface Mp4Box {
  readonly type: string;
  readonly bytes: Buffer;
}

/** True when a top-level box of the MP4 holds a C2PA manifest store. */
export function carriesC2pa(mp4: Uint8Array): boolean {
  return boxesOf(mp4).some(({ type, bytes }) => type === UUID && bytes.subarray(8, 24).equals(C2PA_BOX));
}

/** The MP4 without its top-level `uuid` boxes, of which the C2PA manifest is one. */
export function withoutManifest(mp4: Uint8Array): Buffer {
  return Buffer.concat(boxesOf(mp4).filter(({ type }) => type !== UUID).map(({ bytes }) => bytes));
}

/** The MP4 with metadata that says its manifest lies elsewhere (C2PA 2.1 §11.5: XMP `dcterms:provenance`). */
export function withRemoteManifest(mp4: Uint8Array, url: string): Buffer {
  const xmp = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dcterms="http://purl.org/dc/terms/" dcterms:provenance="${url}"/></rdf:RDF></x:xmpmeta>`;
  const payload = Buffer.concat([XMP_BOX, Buffer.from(xmp)]);
  const header = Buffer.alloc(8);
  header.writeUInt32BE(payload.length + 8);
  header.write(UUID, 4, 'latin1');
  return Buffer.concat([Buffer.from(mp4), header, payload]);
}

function boxesOf(mp4: Uint8Array): Mp4Box[] {
  const file = Buffer.from(mp4);
  const boxes: Mp4Box[] = [];
  for (let at = 0; at < file.length; ) {
    const size = file.readUInt32BE(at);
    if (size < 8) throw new Error(`a box of ${size} bytes at ${at}`);
    boxes.push({ type: file.toString('latin1', at + 4, at + 8), bytes: file.subarray(at, at + size) });
    at += size;
  }
  return boxes;
}
