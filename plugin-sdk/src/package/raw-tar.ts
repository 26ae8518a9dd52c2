import { Header } from 'tar';

export interface RawEntry {
  path: string;
  type?: Header['type'];
  content?: string | Buffer;
  size?: number;
  linkpath?: string;
}

/** A tar written by another implementation, so that reader and writer cannot share a mistake. */
export function rawTar(entries: RawEntry[], end = Buffer.alloc(1024)): Buffer {
  const parts: Buffer[] = [];
  for (const { path, type, content = '', size, linkpath } of entries) {
    const body = Buffer.from(content);
    const block = Buffer.alloc(512);
    const header = new Header({
      path,
      mode: 0o644,
      uid: 0,
      gid: 0,
      size: size ?? body.length,
      mtime: new Date(0),
      ...(linkpath === undefined ? {} : { linkpath }),
    });
    header.type = type ?? 'File';
    header.encode(block, 0);
    parts.push(block, body, Buffer.alloc((512 - (body.length % 512)) % 512));
  }
  parts.push(end);
  return Buffer.concat(parts);
}
