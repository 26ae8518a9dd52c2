/** What a plugin author writes in AssemblyScript, with no PDK: Extism's functions are declared as they are. */
export const assemblyScriptPlugin = `
@external("extism:host/env", "alloc") declare function alloc(size: u64): u64;
@external("extism:host/env", "length") declare function blockLength(address: u64): u64;
@external("extism:host/env", "load_u8") declare function loadByte(address: u64): u32;
@external("extism:host/env", "load_u64") declare function loadWord(address: u64): u64;
@external("extism:host/env", "store_u8") declare function storeByte(address: u64, value: u32): void;
@external("extism:host/env", "store_u64") declare function storeWord(address: u64, value: u64): void;
@external("extism:host/env", "input_length") declare function inputLength(): u64;
@external("extism:host/env", "input_load_u8") declare function inputByte(offset: u64): u32;
@external("extism:host/env", "input_load_u64") declare function inputWord(offset: u64): u64;
@external("extism:host/env", "output_set") declare function outputSet(address: u64, length: u64): void;
@external("extism:host/env", "error_set") declare function errorSet(address: u64): void;
@external("extism:host/env", "http_request") declare function httpRequest(request: u64, body: u64): u64;
@external("extism:host/env", "http_status_code") declare function httpStatus(): i32;
@external("extism:host/env", "log_info") declare function logInfo(address: u64): void;

let calls = 0;

function put(text: string): u64 {
  const bytes = Uint8Array.wrap(String.UTF8.encode(text));
  const address = alloc(bytes.length);
  let at = 0;
  for (; at + 8 <= bytes.length; at += 8) storeWord(address + at, load<u64>(bytes.dataStart + at));
  for (; at < bytes.length; at++) storeByte(address + at, bytes[at]);
  return address;
}
function take(address: u64): string {
  const bytes = new Uint8Array(i32(blockLength(address)));
  for (let at = 0; at < bytes.length; at++) bytes[at] = u8(loadByte(address + at));
  return String.UTF8.decode(bytes.buffer);
}
function input(): string {
  const bytes = new Uint8Array(i32(inputLength()));
  let at = 0;
  for (; at + 8 <= bytes.length; at += 8) store<u64>(bytes.dataStart + at, inputWord(at));
  for (; at < bytes.length; at++) bytes[at] = u8(inputByte(at));
  return String.UTF8.decode(bytes.buffer);
}
function between(text: string, from: string, to: string): string {
  const start = text.indexOf(from);
  return start < 0 ? "" : text.substring(start + from.length, text.indexOf(to, start + from.length));
}
function finish(result: string): i32 {
  const text = '{"abi":1,"result":' + result + "}";
  const address = put(text);
  outputSet(address, blockLength(address));
  return 0;
}

export function ingest(): i32 {
  calls++;
  const body = input();
  const summary = between(body, '\\\\"summary\\\\":\\\\"', '\\\\"');
  if (summary == "") {
    errorSet(put("the alert has no summary"));
    return 1;
  }
  logInfo(put("call " + calls.toString() + ": " + summary));
  return finish(
    '{"outcome":"events","events":[{"event_action":"trigger","dedup_key":"' + summary +
    '","payload":{"summary":"' + summary + '","source":"as","severity":"error"}}]}'
  );
}

export function deliver(): i32 {
  const summary = between(input(), '"summary":"', '"');
  const body = put('{"title":"' + summary + '"}');
  const answer = httpRequest(
    put('{"url":"https://api.example.com/issues","method":"post","headers":{"Content-Type":"application/json","Patchbay-Credential":"apiToken"}}'),
    body
  );
  const status = httpStatus();
  const text = take(answer);
  if (status == 0) return finish('{"outcome":"retry","reason":"' + between(text, '"code":"', '"') + '"}');
  return finish('{"outcome":"delivered","note":"' + status.toString() + " " + between(text, '"key":"', '"') + '"}');
}
`;

/** The same in C, with the libc of WASI: settings, vars, stdout, clock, randomness, and files that are not there. */
export const cPlugin = `
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#define HOST(name) __attribute__((import_module("extism:host/env"), import_name(#name))) extern
#define EXPORT(name) __attribute__((export_name(#name))) int32_t name(void)
HOST(alloc) uint64_t ext_alloc(uint64_t);
HOST(free) void ext_free(uint64_t);
HOST(length) uint64_t ext_length(uint64_t);
HOST(load_u8) uint8_t ext_load(uint64_t);
HOST(store_u8) void ext_store(uint64_t, uint8_t);
HOST(input_length) uint64_t ext_input_length(void);
HOST(output_set) void ext_output(uint64_t, uint64_t);
HOST(error_set) void ext_error(uint64_t);
HOST(config_get) uint64_t ext_config(uint64_t);
HOST(var_get) uint64_t ext_var_get(uint64_t);
HOST(var_set) void ext_var_set(uint64_t, uint64_t);
HOST(http_request) uint64_t ext_http(uint64_t, uint64_t);
HOST(http_status_code) int32_t ext_status(void);
HOST(log_warn) void ext_warn(uint64_t);

static int started = 0;
__attribute__((constructor)) static void start(void) { started++; }

static uint64_t put(const char *text) {
  uint64_t length = strlen(text), address = ext_alloc(length);
  for (uint64_t at = 0; at < length; at++) ext_store(address + at, text[at]);
  return address;
}
static char *take(uint64_t address) {
  uint64_t length = address == 0 ? 0 : ext_length(address);
  char *text = malloc(length + 1);
  for (uint64_t at = 0; at < length; at++) text[at] = ext_load(address + at);
  text[length] = 0;
  return text;
}
static int32_t finish(const char *result) {
  static char text[4096];
  int length = snprintf(text, sizeof text, "{\\"abi\\":1,\\"result\\":%s}", result);
  ext_output(put(text), length);
  return 0;
}

EXPORT(deliver) {
  static char text[1024], count[16];
  char *project = take(ext_config(put("project")));
  uint64_t hidden = ext_config(put("constructor")), proto = ext_config(put("__proto__"));
  snprintf(count, sizeof count, "%d", atoi(take(ext_var_get(put("count")))) + 1);
  ext_var_set(put("count"), put(count));
  uint64_t answer = ext_http(put("{\\"url\\":\\"https://api.example.com/items\\",\\"method\\":\\"POST\\"}"), put(count));
  ext_warn(put("almost done"));
  snprintf(text, sizeof text, "{\\"outcome\\":\\"delivered\\",\\"note\\":\\"%d %s %s %s %d %d\\"}", ext_status(), take(answer),
           project, count, started, (int)(hidden + proto));
  return finish(text);
}

EXPORT(actions) {
  static char text[1024];
  unsigned char random[8];
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  getentropy(random, sizeof random);
  FILE *file = fopen("/etc/passwd", "r");
  int reason = errno;
  printf("first line\\nsecond ");
  printf("line\\n");
  fprintf(stderr, "a warning");
  fflush(stdout);
  snprintf(text, sizeof text, "{\\"seconds\\":%lld,\\"random\\":\\"%02x%02x%02x%02x\\",\\"file\\":%d,\\"refused\\":%d,\\"home\\":%d}",
           (long long)now.tv_sec, random[0], random[1], random[2], random[3], file != NULL, reason != 0, getenv("HOME") != NULL);
  return finish(text);
}

EXPORT(schedule) {
  finish("{\\"left\\":true}");
  exit(0);
}

EXPORT(callback) {
  ext_error(put("it did not work: ä"));
  return 0;
}
`;
