/**
 * The part of SVG that an icon needs. What is not listed is refused: scripts, styles, foreign objects, links, images,
 * animation, and every reference that leaves the file.
 */
const elements = words(`
  svg g defs title desc symbol use path circle ellipse line polygon polyline rect linearGradient
  radialGradient stop clipPath mask`);

const attributes = words(`
  id viewBox width height x y x1 y1 x2 y2 cx cy r rx ry fx fy d points pathLength transform
  gradientTransform gradientUnits spreadMethod offset fill fill-opacity fill-rule stroke stroke-width
  stroke-opacity stroke-linecap stroke-linejoin stroke-miterlimit stroke-dasharray stroke-dashoffset
  opacity color stop-color stop-opacity clip-path clip-rule clipPathUnits mask maskUnits maskContentUnits
  vector-effect shape-rendering preserveAspectRatio version role aria-label aria-hidden focusable class
  xml:space data-name href xlink:href mask-type`);

const namespaces: Record<string, string> = {
  xmlns: 'http://www.w3.org/2000/svg',
  'xmlns:xlink': 'http://www.w3.org/1999/xlink',
};

const COMMENT = /<!--(?:(?!--)[\s\S])*-->/y;
const DECLARATION = /<\?xml\s[^<>?]*\?>/y;
const TAG = /<(\/?)([A-Za-z][A-Za-z0-9:.-]*)((?:\s+[A-Za-z_][A-Za-z0-9_:.-]*\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/y;
const ATTRIBUTE = /([A-Za-z_][A-Za-z0-9_:.-]*)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/g;
const ENTITY = /&(?!(?:lt|gt|amp|quot|apos);)/;
const LOCAL = /^#[A-Za-z_][\w.-]*$/;

export interface SvgViolation {
  offset: number;
  message: string;
}

/**
 * Reads an icon as strictly as a parser can be made to: every byte belongs to an allowed tag, an allowed attribute,
 * a comment, or text without markup. Gives the first thing that does not.
 */
export function svgViolation(svg: string): SvgViolation | undefined {
  const open: string[] = [];
  let roots = 0;
  for (let at = 0; at < svg.length;) {
    if (svg[at] !== '<') {
      const next = svg.indexOf('<', at);
      const end = next === -1 ? svg.length : next;
      const text = svg.slice(at, end);
      if (ENTITY.test(text)) return { offset: at, message: 'It uses an entity.' };
      const shown = ['title', 'desc'].includes(open.at(-1) ?? '');
      if (text.trim() !== '' && !shown) return { offset: at, message: 'There is text outside of a title.' };
      at = end;
      continue;
    }
    const skipped = match(COMMENT, svg, at) ?? (at === 0 ? match(DECLARATION, svg, at) : undefined);
    if (skipped !== undefined) {
      at += skipped[0].length;
      continue;
    }
    const tag = match(TAG, svg, at);
    if (tag === undefined) return { offset: at, message: 'This is not a tag that an icon may have.' };
    const [all, closing = '', name = '', given = '', empty = ''] = tag;
    if (!elements.has(name)) return { offset: at, message: `An icon may not have the element "${name}".` };
    if (closing === '/') {
      if (open.pop() !== name || given !== '' || empty !== '')
        return { offset: at, message: `The end of "${name}" has no beginning.` };
    } else {
      if (open.length === 0 && (name !== 'svg' || roots++ > 0))
        return { offset: at, message: 'An icon is exactly one svg element.' };
      const problem = attributeProblem(given);
      if (problem !== undefined) return { offset: at, message: problem };
      if (empty === '') open.push(name);
    }
    at += all.length;
  }
  if (roots === 0 || open.length > 0)
    return { offset: svg.length, message: 'The svg element is missing or not ended.' };
  return undefined;
}

function attributeProblem(given: string): string | undefined {
  for (const [, name = '', quoted, apostrophed] of given.matchAll(ATTRIBUTE)) {
    const value = quoted ?? apostrophed ?? '';
    if (ENTITY.test(value)) return `The attribute "${name}" uses an entity.`;
    const namespace = namespaces[name];
    if (namespace !== undefined) {
      if (value !== namespace) return `The attribute "${name}" names another namespace.`;
    } else if (!attributes.has(name)) return `An icon may not have the attribute "${name}".`;
    else if (name.endsWith('href')) {
      if (!LOCAL.test(value)) return `The attribute "${name}" refers to something outside of the icon.`;
    } else if (/[\\@]|url\s*\((?!\s*['"]?#[\w.-]+['"]?\s*\))/i.test(value) || /[a-z]:/i.test(value))
      return `The attribute "${name}" refers to something outside of the icon.`;
  }
  return undefined;
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}

function words(text: string): Set<string> {
  return new Set(text.trim().split(/\s+/));
}
