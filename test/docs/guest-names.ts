import { fileURLToPath } from 'node:url';
import ts from 'typescript';

export interface GuestName {
  name: string;
  kind: 'value' | 'type';
  /** Its docstring. */
  text: string;
  /** As an author sees it: without bodies and private parts. */
  declaration: string;
}

export interface LimitEntry {
  name: string;
  text: string;
}

const sdk = fileURLToPath(new URL('../../plugin-sdk/', import.meta.url));
const INDEX = `${sdk}src/guest/index.ts`;
const GLOBALS = `${sdk}src/guest/globals.d.ts`;
const LIMITS = `${sdk}src/contract/limits.ts`;
const TYPE_FORMAT: ts.TypeFormatFlags =
  ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.InTypeAlias | ts.TypeFormatFlags.MultilineObjectLiterals;

const program = ts.createProgram([INDEX, GLOBALS], {
  target: ts.ScriptTarget.ES2023,
  lib: ['lib.es2023.d.ts'],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  allowImportingTsExtensions: true,
  noEmit: true,
  strict: true,
  skipLibCheck: true,
  types: [],
});
const checker = program.getTypeChecker();

/** Everything that a plugin can import of `@patchbay/plugin-sdk`. */
export function guestNames(): GuestName[] {
  const module = checker.getSymbolAtLocation(sourceOf(INDEX));
  if (module === undefined) throw new Error(`${INDEX} exports nothing`);
  return checker
    .getExportsOfModule(module)
    .map((symbol) => {
      const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
      const isType = (target.flags & ts.SymbolFlags.Value) === 0 || symbol.name === 'IngestRequest';
      return {
        name: symbol.name,
        kind: isType ? ('type' as const) : ('value' as const),
        text: textOf(target),
        declaration: declarationOf(target),
      };
    })
    .sort((a, b) => a.name.localeCompare(b.name, 'en'));
}

/** The globals of a plugin that are the platform's own or need a permission, with their docstrings. */
export function documentedGlobals(): GuestName[] {
  // The first docstring of the file is about the file.
  return sourceOf(GLOBALS)
    .statements.slice(1)
    .flatMap((statement) => {
      const named = ts.isVariableStatement(statement) ? statement.declarationList.declarations[0] : statement;
      const name = named !== undefined && 'name' in named ? (named.name as ts.Identifier) : undefined;
      const symbol = name === undefined ? undefined : checker.getSymbolAtLocation(name);
      const text = symbol === undefined ? '' : (docOf(statement) ?? '');
      return name === undefined || text === ''
        ? []
        : [{ name: name.text, kind: 'value' as const, text, declaration: withoutDoc(statement) }];
    });
}

/** The docstring of every limit of a group in contract/limits.ts. */
export function limitTexts(group: string): LimitEntry[] {
  const found: LimitEntry[] = [];
  for (const statement of sourceOf(LIMITS).statements) {
    if (!ts.isVariableStatement(statement)) continue;
    const [declared] = statement.declarationList.declarations;
    if (declared?.name.getText() !== group) continue;
    const value = declared.initializer;
    const object = value !== undefined && ts.isAsExpression(value) ? value.expression : value;
    if (object === undefined || !ts.isObjectLiteralExpression(object)) continue;
    for (const property of object.properties)
      found.push({ name: property.name?.getText() ?? '', text: docOf(property) ?? '' });
  }
  return found;
}

function sourceOf(path: string): ts.SourceFile {
  const source = program.getSourceFile(path);
  if (source === undefined) throw new Error(`There is no ${path}`);
  return source;
}

function textOf(symbol: ts.Symbol): string {
  return oneLine(ts.displayPartsToString(symbol.getDocumentationComment(checker)));
}

function docOf(node: ts.Node): string | undefined {
  const doc = ts.getJSDocCommentsAndTags(node).at(-1);
  if (doc === undefined) return undefined;
  const text = doc
    .getText()
    .slice('/**'.length, -'*/'.length)
    .replace(/^\s*\*/gm, '');
  return oneLine(text.split(/^\s*@\w/m)[0] ?? '');
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

function declarationOf(symbol: ts.Symbol): string {
  const node = symbol.declarations?.[0];
  if (node === undefined) return '';
  if (ts.isFunctionDeclaration(node)) return `${withoutDoc(node, node.body).replace(/^export /, '')};`;
  if (ts.isClassDeclaration(node)) return classOf(node);
  if (ts.isVariableDeclaration(node))
    return `${symbol.name}: ${checker.typeToString(checker.getTypeAtLocation(node), undefined, TYPE_FORMAT)};`;
  if (ts.isTypeAliasDeclaration(node) && /z\.infer|\[number\]|\['result'\]/.test(node.type.getText()))
    return `type ${symbol.name} = ${inferred(node)};`;
  return withoutDoc(node).replace(/^export /, '');
}

function inferred(node: ts.TypeAliasDeclaration): string {
  return checker.typeToString(checker.getTypeAtLocation(node), node, TYPE_FORMAT).replaceAll(' | undefined;', ';');
}

/** A class as its users see it. */
function classOf(node: ts.ClassDeclaration): string {
  const members = node.members.flatMap((member) => {
    if (member.name !== undefined && ts.isPrivateIdentifier(member.name)) return [];
    if (ts.isClassStaticBlockDeclaration(member) || ts.isConstructorDeclaration(member)) return [];
    if (
      ts.canHaveModifiers(member) &&
      ts.getModifiers(member)?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword)
    )
      return [];
    const doc = docOf(member);
    const shown = ts.isMethodDeclaration(member) ? `${withoutDoc(member, member.body)};` : withoutDoc(member);
    return [...(doc === undefined ? [] : [`  /** ${doc} */`]), `  ${shown}`];
  });
  const parent = node.heritageClauses?.map((clause) => ` ${clause.getText()}`).join('') ?? '';
  return `class ${node.name?.text ?? ''}${parent} {\n${members.join('\n')}\n}`;
}

/** The text of a declaration, without its docstring and without `body`. */
function withoutDoc(node: ts.Node, body?: ts.Node): string {
  const text = node.getSourceFile().text.slice(node.getStart(undefined, false), body?.getStart() ?? node.getEnd());
  return text.trim();
}
