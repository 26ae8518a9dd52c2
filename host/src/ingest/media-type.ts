/**
 * What no plugin reads: pictures and the like, archives, programs, and formats that only their own libraries read.
 * Everything else is handed on, also without a content type or with one that nobody knows; its plugin says what it is.
 */
const UNREADABLE =
  /^\s*((image|audio|video|font|model|haptics)\/|application\/((x-)?(zip|gzip|bzip2?|xz|zstd|tar|7z-compressed|rar-compressed|protobuf|msgpack|avro|executable)|vnd\.(google\.protobuf|apache\.avro|msgpack|rar|ms-[\w.-]+|openxmlformats-[\w.-]+)|java-archive|wasm|pdf|cbor|grpc[\w+.-]*|avro[\w+.-]*)\s*(;|$))/i;

/** True when a request of this content type may be read by a plugin. */
export function isReadable(contentType: string | undefined): boolean {
  return contentType === undefined || !UNREADABLE.test(contentType);
}
