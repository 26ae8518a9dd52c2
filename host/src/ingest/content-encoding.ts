import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib';
import { ingestLimits } from '@patchbay/plugin-sdk/contract/limits';
import { ApiError } from '../api/api-error.ts';

const options = { maxOutputLength: ingestLimits.bodyBytes };
const decoders: Record<string, (body: Buffer) => Promise<Buffer>> = {
  gzip: (body) => promisify(gunzip)(body, options),
  'x-gzip': (body) => promisify(gunzip)(body, options),
  // RFC 9110 means the zlib format; some senders leave its two bytes out.
  deflate: (body) => promisify(isZlib(body) ? inflate : inflateRaw)(body, options),
  br: (body) => promisify(brotliDecompress)(body, options),
};

/**
 * The body without its Content-Encoding: gzip, deflate or br, one of them and no more. What comes out is bounded as
 * any body is, and so is how much larger it may be than what came in.
 *
 * @returns null when there is none to take off; a refusal as a value
 */
export async function decodeContent(body: Buffer, encoding: string | undefined): Promise<Buffer | ApiError | null> {
  const name = (encoding ?? '').trim().toLowerCase();
  if (name === '' || name === 'identity' || body.length === 0) return null;
  const decode = Object.hasOwn(decoders, name) ? decoders[name] : undefined;
  if (decode === undefined)
    return new ApiError('UNSUPPORTED_MEDIA_TYPE', 'Send the body as it is, or with one of gzip, deflate and br.');
  try {
    const decoded = await decode(body);
    return decoded.length > ingestLimits.decodedFreeBytes && decoded.length > body.length * ingestLimits.decodedRatio
      ? tooLarge()
      : decoded;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') return tooLarge();
    return new ApiError('BODY_INVALID', `The body is not ${name}, as Content-Encoding says.`);
  }
}

function tooLarge(): ApiError {
  return new ApiError(
    'BODY_TOO_LARGE',
    `Send at most ${ingestLimits.bodyBytes} bytes, also unpacked, and at most ${ingestLimits.decodedRatio} times what is sent.`,
  );
}

function isZlib(body: Buffer): boolean {
  return body.length >= 2 && ((body[0] as number) & 0x0f) === 8 && body.readUInt16BE(0) % 31 === 0;
}
