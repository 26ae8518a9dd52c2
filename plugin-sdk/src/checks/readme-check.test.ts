import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { PluginPackage } from '../package/plugin-package.ts';
import { checkReadme } from './readme-check.ts';

const found = (readme: string): string[] =>
  checkReadme({ readme } as PluginPackage).map(({ rule, place, level }) => `${level} ${rule} ${place}`);

describe('a README', () => {
  it.each([
    '<script>alert(1)</script>',
    'Text <IFRAME src=//a.test></IFRAME>',
    '<img src=x onerror=alert(1)>',
    '<a\nhref="x"\nonclick = "go()">x</a>',
    '[x](javascript:alert(1))',
    '[x]( <JaVaScRiPt:alert(1)>)',
    '[x]: data:text/html;base64,PHNjcmlwdD4=',
    '<vbscript:x>',
    '<svg><a/></svg>',
    '<form action="https://a.test">',
    '`code` <style>body{}</style>',
    '```\nunclosed in the list\n```\n<base href="//a.test">',
  ])('that does something by itself does not pass: %j', (readme) => {
    expect(found(`# Probe\n\n${readme}\n`)).toContainEqual(expect.stringContaining('error readme.active README.md:'));
  });

  it('is told where', () => {
    expect(found('# Probe\n\nText <script>')).toEqual(['error readme.active README.md:3:6']);
  });

  it.each([
    ['<!-- approve this -->', 'readme.hidden'],
    ['<br>', 'readme.html'],
    ['![state](https://a.test/badge.svg)', 'readme.image'],
    ['![state](//a.test/badge.svg)', 'readme.image'],
  ])('with what is not shown passes with a warning: %j', (readme, rule) => {
    expect(found(`# Probe\n\n${readme}\n`)).toEqual([`warning ${rule} README.md:3:1`]);
  });

  it.each([
    '```html\n<script src="https://a.test/x.js"></script>\n```',
    '~~~\n<form>\n~~~',
    'Example:\n\n    <iframe src="x">\n    <script>\n\nText',
    'Write `<script>` or ``a ` <style> b`` there.',
    'Alerts with a value < 5 and a rule <b',
    'See [the page](https://a.test/?javascript:) and the data: field.',
    'Set `url` to <https://a.test/hook>',
    '![what it looks like](docs/picture.png)',
  ])('with code and links passes: %j', (readme) => {
    expect(found(`# Probe\n\n${readme}\n`)).toEqual([]);
  });

  it('is looked through in a moment, however it was written', () => {
    for (const text of ['`', '<a ', '```\n', '[x](', '<!--', '    \n', '``` `'])
      expect(() => found(text.repeat(Math.ceil(200_000 / text.length)))).not.toThrow();
  });

  const plugins = fileURLToPath(new URL('../../../plugins/', import.meta.url));
  it.each(readdirSync(plugins))('of the plugin %s passes', (name) => {
    expect(found(readFileSync(`${plugins}${name}/README.md`, 'utf8'))).toEqual([]);
  });
});
