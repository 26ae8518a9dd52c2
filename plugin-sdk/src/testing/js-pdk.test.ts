import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sandboxed, type Sandboxed } from './sandboxed.ts';

/** A global that @extism/js-pdk types: its own members, and those of what `new` gives. */
interface TypedGlobal {
  name: string;
  members: string[];
  instance: string[];
}

// The package exports types alone, so that its files are found only by their place.
const root = fileURLToPath(new URL('../../node_modules/@extism/js-pdk/', import.meta.url));

/** Every `declare var` of the package's files, with the members of its type. */
function typedGlobals(): TypedGlobal[] {
  const interfaces = new Map<string, string[]>();
  const variables: { name: string; type: ts.TypeNode | undefined }[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isInterfaceDeclaration(node)) interfaces.set(node.name.text, membersOf(node.members));
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name))
      variables.push({ name: node.name.text, type: node.type });
    ts.forEachChild(node, visit);
  };
  for (const file of ['dist/index.d.ts', 'types/polyfills.d.ts'])
    visit(ts.createSourceFile(file, readFileSync(join(root, file), 'utf8'), ts.ScriptTarget.Latest, true));
  return variables.map(({ name, type }) => {
    if (type !== undefined && ts.isTypeLiteralNode(type)) {
      const isClass = type.members.some(ts.isConstructSignatureDeclaration);
      const members = membersOf(type.members).filter((member) => member !== 'prototype');
      return { name, members, instance: isClass ? (interfaces.get(name) ?? []) : [] };
    }
    return { name, members: interfaces.get(type?.getText() ?? '') ?? [], instance: [] };
  });
}

function membersOf(members: ts.NodeArray<ts.TypeElement>): string[] {
  return members.flatMap(({ name }) => (name !== undefined && ts.isIdentifier(name) ? [name.text] : []));
}

const globals = typedGlobals();

describe('what @extism/js-pdk types', () => {
  let plugin: Sandboxed;
  beforeAll(async () => {
    plugin = await sandboxed(`({ globals, memory, text, vars, config, http }) => {
      if (globals) {
        const samples = {
          URL: new URL('https://a.example/'), URLSearchParams: new URLSearchParams(), TextDecoder: new TextDecoder(),
          TextEncoder: new TextEncoder(), MemoryHandle: Memory.fromString('x'),
        };
        return globals.flatMap(({ name, members, instance }) => {
          const found = globalThis[name];
          if (found === undefined) return [name];
          return [
            ...members.filter((member) => !(member in found)).map((member) => name + '.' + member),
            ...instance.filter((member) => !(member in samples[name])).map((member) => name + '.prototype.' + member),
          ];
        });
      }
      if (memory) {
        const handles = [
          Memory.fromString('grüße').readString(),
          Memory.fromJsonObject({ a: [1] }).readJsonObject(),
          Memory.allocUInt32(4_000_000_000).readUInt32(),
          String(Memory.allocUInt64(2n ** 63n).readUInt64()),
          Memory.allocFloat32(0.5).readFloat32(),
          Memory.allocFloat64(0.1).readUFloat64(),
          new Uint8Array(Memory.fromBuffer(new Uint8Array([1, 2, 3]).buffer).readBytes()).toHex(),
        ];
        const handle = Memory.fromString('found');
        handles.push(Memory.find(handle.offset).readString(), new MemoryHandle(handle.offset, 2).readString());
        handle.free();
        let freed;
        try { handle.readString(); } catch (error) { freed = error.name; }
        return [...handles, freed, Number(Memory.find(123456789).len), Host.getFunctions()];
      }
      if (text) {
        const decoder = new TextDecoder('utf-8', { fatal: text.fatal });
        return text.parts.map((part, index) =>
          decoder.decode(Uint8Array.fromHex(part), { stream: index < text.parts.length - 1 })).join('|');
      }
      if (vars) {
        const before = Var.getString('state');
        Var.set('state', vars);
        Var.set('bytes', new Uint8Array([0, 255]).buffer);
        return [before, Var.getString('state'), new Uint8Array(Var.getBytes('bytes')).toHex(), Var.getBytes('none')];
      }
      if (config) return config.map((key) => Config.get(key));
      if (http) return Http.request({ url: 'https://api.example.com/', method: 'POST', headers: { 'x-count': 1 } }, 'body');
    }`);
  }, 120_000);
  afterAll(() => plugin?.close());

  it('is there, every member of it', async () => {
    expect(globals.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'Host',
        'Http',
        'Config',
        'Var',
        'Memory',
        'MemoryHandle',
        'URL',
        'TextDecoder',
        'console',
      ]),
    );
    expect(globals.flatMap(({ members, instance }) => [...members, ...instance]).length).toBeGreaterThan(60);
    expect((await plugin.call({ globals })).value).toEqual([]);
  });

  it('keeps bytes by address', async () => {
    expect((await plugin.call({ memory: true })).value).toEqual([
      'grüße',
      { a: [1] },
      4_000_000_000,
      String(2n ** 63n),
      0.5,
      0.1,
      '010203',
      'found',
      'fo',
      'RangeError',
      0,
      {},
    ]);
  });

  it.each([
    [['f09f', '92', 'be21'], false],
    [['c3', 'a4'], false],
    [['efbb', 'bf41', 'efbbbf'], false],
    [['41ff', 'c3'], false],
    [['e282', '41'], false],
    [['eda080', 'c080f0808080', 'f48fbfbff4908080', 'e0a0ff', 'f09f92'], false],
    [['e2', '82ac'], true],
  ])('decodes text that comes in parts as Node does: %j', async (parts, fatal) => {
    const decoder = new TextDecoder('utf-8', { fatal });
    const expected = parts.map((part, index) =>
      decoder.decode(Buffer.from(part, 'hex'), { stream: index < parts.length - 1 }),
    );
    expect((await plugin.call({ text: { parts, fatal } })).value).toBe(expected.join('|'));
  });

  it('keeps vars in the store, through the journal', async () => {
    const store = new Map();
    const first = await plugin.call({ vars: 'one' }, { store });
    expect(first.value).toEqual([null, 'one', '00ff', null]);
    expect(first.journal.asks.every(({ blocking, kind }) => blocking && kind === 'store')).toBe(true);
    expect([...store.keys()]).toEqual(['var:state', 'var:bytes']);

    const replayed = await plugin.call({ vars: 'one' }, { store: new Map() }, first.journal);
    expect(replayed).toMatchObject({ runs: 1, value: first.value });
    expect((await plugin.call({ vars: 'two' }, { store })).value).toEqual(['one', 'two', '00ff', null]);
    expect((await plugin.call({ vars: 'three' }, { store: new Map() })).value).toEqual([null, 'three', '00ff', null]);
  });

  it('gives settings of the installation and nothing of a prototype', async () => {
    const configuration = { name: 'x', count: 3, empty: null };
    const keys = ['name', 'count', 'empty', 'constructor', '__proto__', 'toString'];
    expect((await plugin.call({ config: keys, configuration })).value).toEqual(['x', '3', null, null, null, null]);
  });

  it('makes a request that blocks', async () => {
    const asked: unknown[] = [];
    const { value, runs } = await plugin.call(
      { http: true },
      { http: (ask) => (asked.push(ask), { status: 202, body: 'got it' }) },
    );
    expect(value).toEqual({ status: 202, headers: {}, body: 'got it' });
    expect(asked).toMatchObject([{ method: 'POST', headers: { 'x-count': '1' }, body: { text: 'body' } }]);
    expect(runs).toBe(2);
  });
});
