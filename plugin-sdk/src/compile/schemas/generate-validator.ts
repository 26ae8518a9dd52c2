import { jsonTypeOf, jsonTypes, type JsonSchema, type JsonType } from './json-schema.ts';

/**
 * Writes a validator as JavaScript source: (value, issues) => void, in the terms of guest/validation.ts. Values come
 * from JSON.parse, which is relied upon: no getters, no symbols, no cycles.
 */
export class ValidatorSource {
  readonly #root: JsonSchema;
  readonly #functions: string[] = [];
  readonly #byReference = new Map<string, string>();
  readonly #prefix: string;
  #variables = 0;

  constructor(schema: JsonSchema, prefix: string) {
    this.#root = schema;
    this.#prefix = prefix;
  }

  /** Function declarations, and the name of the one that checks the whole schema. */
  generate(): { source: string; entry: string } {
    const entry = this.#reference('#', this.#root);
    return { source: this.#functions.join('\n'), entry };
  }

  #reference(reference: string, schema: JsonSchema): string {
    const known = this.#byReference.get(reference);
    if (known !== undefined) return known;
    const name = this.#reserve();
    this.#byReference.set(reference, name);
    this.#define(name, schema);
    return name;
  }

  #reserve(): string {
    this.#functions.push('');
    return `${this.#prefix}${this.#functions.length - 1}`;
  }

  #define(name: string, schema: JsonSchema): void {
    const body = this.#check(schema, 'v', '""');
    this.#functions[Number(name.slice(this.#prefix.length))] = `function ${name}(v, out) { ${body} }`;
  }

  #function(schema: JsonSchema): string {
    if (schema.$ref !== undefined) return this.#reference(schema.$ref, this.#resolve(schema.$ref));
    const name = this.#reserve();
    this.#define(name, schema);
    return name;
  }

  #resolve(reference: string): JsonSchema {
    if (reference === '#') return this.#root;
    const found = this.#root.$defs?.[reference.replace('#/$defs/', '')];
    if (found === undefined) throw new TypeError(`Unknown reference ${reference}`);
    return found;
  }

  /**
   * Statements that check `value` (an expression without effects); issues get the path `path` (an expression too).
   */
  #check(schema: JsonSchema, value: string, path: string): string {
    if (schema.$ref !== undefined) return this.#call(this.#function(schema), value, path);
    if (schema.not !== undefined) return `fail(out, ${path}, "nothing", ${value});`;
    if (schema.const !== undefined || schema.enum !== undefined) {
      const allowed = schema.enum ?? [schema.const];
      const condition = allowed.map((one) => `${value} === ${JSON.stringify(one)}`).join(' || ');
      return `if (!(${condition})) fail(out, ${path}, ${quote(wanted(schema))}, ${value});`;
    }
    const alternatives = alternativesOf(schema);
    if (alternatives !== undefined) return this.#union(alternatives, value, path);
    const parts = (schema.allOf ?? []).map((part) => this.#check(part, value, path));
    if (schema.type !== undefined) parts.push(this.#typed(schema, schema.type, value, path));
    return parts.join(' ');
  }

  #typed(schema: JsonSchema, type: NonNullable<JsonSchema['type']>, value: string, path: string): string {
    const further =
      type === 'object'
        ? this.#object(schema, value, path)
        : type === 'array'
          ? this.#array(schema, value, path)
          : scalarChecks(schema, value, path);
    const refused = `fail(out, ${path}, ${quote(wanted(schema))}, ${value});`;
    if (further === '') return `if (!(${isType(type, value)})) ${refused}`;
    return `if (${isType(type, value)}) { ${further} } else ${refused}`;
  }

  #object(schema: JsonSchema, value: string, path: string): string {
    const required = new Set(schema.required ?? []);
    const x = `x${this.#variables++}`;
    const statements = Object.entries(schema.properties ?? {}).map(([key, property]) => {
      const part = `${value}[${quote(key)}]`;
      const inherited = key in Object.prototype;
      const read = `${x} = ${inherited ? `Object.hasOwn(${value}, ${quote(key)}) ? ${part} : undefined` : part};`;
      const at = join(path, quote(key));
      const check = this.#check(property, x, at);
      if (required.has(key)) {
        // A schema that anything fits does not notice by itself that the property is not there.
        if (!fitsAnything(property)) return `${read} ${check}`;
        return `${read} if (${x} === undefined) fail(out, ${at}, "a value", ${x});`;
      }
      const fallback = property.default === undefined ? '' : ` else ${part} = ${JSON.stringify(property.default)};`;
      return check === '' && fallback === '' ? '' : `${read} if (${x} !== undefined) { ${check} }${fallback}`;
    });
    const used = statements.filter((statement) => statement !== '');
    const declaration = used.length === 0 ? [] : [`let ${x};`];
    return [...declaration, ...used, this.#otherProperties(schema, value, path)].join(' ').trim();
  }

  #otherProperties(schema: JsonSchema, value: string, path: string): string {
    const { additionalProperties: other, propertyNames } = schema;
    const number = this.#variables++;
    const [k, y] = [`k${number}`, `y${number}`];
    const at = join(path, k);
    const names = propertyNames === undefined || isPlainString(propertyNames) ? '' : this.#check(propertyNames, k, at);
    const refusal = `fail(out, ${at}, "no such field", ${y});`;
    const values = other === false ? refusal : typeof other === 'object' ? this.#check(other, y, at) : '';
    if (names === '' && values === '') return '';
    const known = Object.keys(schema.properties ?? {}).map((key) => `${k} === ${quote(key)}`);
    const skip = known.length === 0 ? '' : `if (${known.join(' || ')}) continue; `;
    return `for (const ${k} in ${value}) { ${skip}const ${y} = ${value}[${k}]; ${names} ${values} }`;
  }

  #array(schema: JsonSchema, value: string, path: string): string {
    const checks: string[] = [];
    if (schema.minItems !== undefined)
      checks.push(`if (${value}.length < ${schema.minItems}) fail(out, ${path}, ${quote(wanted(schema))}, ${value});`);
    if (schema.maxItems !== undefined)
      checks.push(`if (${value}.length > ${schema.maxItems}) fail(out, ${path}, ${quote(wanted(schema))}, ${value});`);
    const first = schema.prefixItems ?? [];
    for (const [index, item] of first.entries())
      checks.push(this.#call(this.#function(item), `${value}[${index}]`, join(path, quote(String(index)))));
    if (schema.items === false)
      checks.push(`if (${value}.length > ${first.length}) fail(out, ${path}, ${quote(wanted(schema))}, ${value});`);
    else if (schema.items !== undefined && this.#check(schema.items, 'y', '""') !== '') {
      const item = this.#function(schema.items);
      checks.push(
        `for (let i = ${first.length}; i < ${value}.length; i++) { const n = out.length; ${item}(${value}[i], out); ` +
          `if (out.length > n) { under(out, n, i); ${prefix(path)} } }`,
      );
    }
    return checks.join(' ');
  }

  #union(alternatives: JsonSchema[], value: string, path: string): string {
    const expected = alternatives.map(wanted).join(' or ');
    const accepted = alternatives.map((alternative) => this.#acceptedTypes(alternative));
    const simple = alternatives.every((alternative, index) => accepted[index]?.length === 1 && isPlain(alternative));
    if (simple) {
      const condition = accepted.map(([type]) => isType(type as JsonType, value)).join(' || ');
      return `if (!(${condition})) fail(out, ${path}, ${quote(expected)}, ${value});`;
    }
    const disjoint = new Set(accepted.flat()).size === accepted.flat().length;
    if (disjoint) {
      const branches = alternatives.map((alternative, index) => {
        const condition = (accepted[index] ?? []).map((type) => isType(type, value)).join(' || ');
        return `if (${condition}) { ${this.#check(alternative, value, path)} }`;
      });
      return `${branches.join(' else ')} else fail(out, ${path}, ${quote(expected)}, ${value});`;
    }
    const tag = this.#discriminator(alternatives);
    if (tag !== undefined) return this.#discriminated(alternatives, tag, value, path);
    const functions = alternatives.map((alternative) => this.#function(alternative)).join(', ');
    return `{ const n = out.length; oneOf([${functions}], ${value}, out, ${quote(expected)}); if (out.length > n) { ${prefix(path)} } }`;
  }

  /** A property that tells the alternatives apart by values of its own in each. */
  #discriminator(alternatives: JsonSchema[]): string | undefined {
    const objects = alternatives.map((alternative) => this.#followed(alternative));
    return Object.keys(objects[0]?.properties ?? {}).find((key) => {
      const values = objects.map((object) => (object.required?.includes(key) ? tagValues(object, key) : []));
      return values.every((some) => some.length > 0) && new Set(values.flat()).size === values.flat().length;
    });
  }

  #discriminated(alternatives: JsonSchema[], key: string, value: string, path: string): string {
    const tag = `t${this.#variables++}`;
    const tags = alternatives.map((alternative) => tagValues(this.#followed(alternative), key));
    const branches = alternatives.map((alternative, index) => {
      const condition = (tags[index] ?? []).map((one) => `${tag} === ${JSON.stringify(one)}`).join(' || ');
      return `if (${condition}) { ${this.#check(alternative, value, path)} }`;
    });
    const otherwise = `fail(out, ${join(path, quote(key))}, ${quote(wanted({ enum: tags.flat() }))}, ${tag});`;
    const inside = `const ${tag} = ${value}[${quote(key)}]; ${branches.join(' else ')} else ${otherwise}`;
    return `if (${isType('object', value)}) { ${inside} } else fail(out, ${path}, "an object", ${value});`;
  }

  #followed(schema: JsonSchema): JsonSchema {
    return schema.$ref === undefined ? schema : this.#followed(this.#resolve(schema.$ref));
  }

  #acceptedTypes(schema: JsonSchema): JsonType[] {
    if (schema.$ref !== undefined) return this.#acceptedTypes(this.#resolve(schema.$ref));
    if (schema.const !== undefined) return [jsonTypeOf(schema.const)];
    if (schema.enum !== undefined) return [...new Set(schema.enum.map(jsonTypeOf))];
    const alternatives = alternativesOf(schema);
    if (alternatives !== undefined)
      return [...new Set(alternatives.flatMap((alternative) => this.#acceptedTypes(alternative)))];
    if (schema.type === 'integer') return ['number'];
    return schema.type === undefined ? [...jsonTypes] : [schema.type];
  }

  #call(name: string, value: string, path: string): string {
    return `{ const n = out.length; ${name}(${value}, out); if (out.length > n) { ${prefix(path)} } }`;
  }
}

function tagValues(object: JsonSchema, key: string): unknown[] {
  const tag = object.type === 'object' && !(key in Object.prototype) ? object.properties?.[key] : undefined;
  return tag?.enum ?? (tag?.const === undefined ? [] : [tag.const]);
}

function scalarChecks(schema: JsonSchema, value: string, path: string): string {
  const conditions: string[] = [];
  const bound = (limit: number | undefined, test: string) => {
    if (limit !== undefined) conditions.push(`${test} ${limit}`);
  };
  bound(schema.minLength, `${value}.length >=`);
  bound(schema.maxLength, `${value}.length <=`);
  bound(schema.minimum, `${value} >=`);
  bound(schema.maximum, `${value} <=`);
  bound(schema.exclusiveMinimum, `${value} >`);
  bound(schema.exclusiveMaximum, `${value} <`);
  if (schema.multipleOf !== undefined)
    conditions.push(`Number.isInteger(Math.round(${value} / ${schema.multipleOf} * 1e9) / 1e9)`);
  if (schema.pattern !== undefined) conditions.push(`new RegExp(${quote(schema.pattern)}, "u").test(${value})`);
  else if (schema.format === 'uri') conditions.push(`URL.canParse(${value})`);
  if (conditions.length === 0) return '';
  return `if (!(${conditions.join(' && ')})) fail(out, ${path}, ${quote(wanted(schema))}, ${value});`;
}

function isType(type: NonNullable<JsonSchema['type']>, value: string): string {
  switch (type) {
    case 'null':
      return `${value} === null`;
    case 'array':
      return `Array.isArray(${value})`;
    case 'object':
      return `typeof ${value} === "object" && ${value} !== null && !Array.isArray(${value})`;
    case 'integer':
      return `Number.isInteger(${value})`;
    case 'string':
    case 'number':
    case 'boolean':
      return `typeof ${value} === "${type}"`;
  }
}

/** Whether no check looks at the value, so that even an absent one passes. A reference is taken to look. */
function fitsAnything(schema: JsonSchema): boolean {
  const alternatives = alternativesOf(schema);
  if (alternatives !== undefined) return alternatives.some(fitsAnything);
  const { $ref, not, type, allOf = [] } = schema;
  const looks = $ref ?? not ?? schema.const ?? schema.enum ?? type;
  return looks === undefined && schema.const !== null && allOf.every(fitsAnything);
}

/** Schemas of which one has to fit. zod writes a union of plain types as a list of types. */
function alternativesOf(schema: JsonSchema): JsonSchema[] | undefined {
  const type: unknown = schema.type;
  if (Array.isArray(type)) return (type as JsonType[]).map((one) => ({ ...schema, type: one }));
  return schema.anyOf ?? schema.oneOf;
}

/** Only the type matters. */
function isPlain(schema: JsonSchema): boolean {
  return Object.keys(schema).every((key) => key === 'type') && schema.type !== 'integer';
}

function isPlainString(schema: JsonSchema): boolean {
  return schema.type === 'string' && isPlain(schema);
}

/** Completes "Expected ...". */
function wanted(schema: JsonSchema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined)
    return `one of ${schema.enum.map((one) => JSON.stringify(one)).join(', ')}`.slice(0, 400);
  const alternatives = alternativesOf(schema);
  if (alternatives !== undefined) return alternatives.map(wanted).join(' or ');
  const bounds = [
    range(schema.minLength, schema.maxLength, 'characters'),
    range(schema.minItems, schema.maxItems, 'entries'),
    range(schema.minimum ?? schema.exclusiveMinimum, schema.maximum ?? schema.exclusiveMaximum, ''),
    schema.pattern === undefined ? '' : `like ${schema.format ?? schema.pattern}`,
  ].filter((bound) => bound !== '');
  const names: Record<string, string> = {
    string: 'text',
    number: 'a number',
    integer: 'a whole number',
    boolean: 'true or false',
    null: 'null',
    array: 'an array',
    object: 'an object',
  };
  return [names[schema.type ?? ''] ?? 'a value', ...bounds].join(' ').slice(0, 400);
}

function range(least: number | undefined, most: number | undefined, unit: string): string {
  // Every whole number of zod has the bounds of exact doubles, which say nothing to a sender.
  const hasLeast = least !== undefined && least !== Number.MIN_SAFE_INTEGER;
  const hasMost = most !== undefined && most !== Number.MAX_SAFE_INTEGER;
  const text = [hasLeast ? `at least ${least}` : '', hasMost ? `at most ${most}` : '']
    .filter((part) => part !== '')
    .join(' and ');
  return text === '' ? '' : `of ${text}${unit === '' ? '' : ` ${unit}`}`;
}

/** The path expression for `key` below `path`; both are expressions, and literals are joined at once. */
function join(path: string, key: string): string {
  if (path === '""') return key;
  if (isLiteral(path) && isLiteral(key)) return quote(`${JSON.parse(path) as string}.${JSON.parse(key) as string}`);
  return `${path} + "." + ${key}`;
}

function isLiteral(expression: string): boolean {
  return /^"(?:[^"\\]|\\.)*"$/.test(expression);
}

/** A statement that puts `path` before the issues added since `n`; nothing when the path is empty. */
function prefix(path: string): string {
  return path === '""' ? '' : `under(out, n, ${path});`;
}

function quote(text: string): string {
  return JSON.stringify(text);
}
