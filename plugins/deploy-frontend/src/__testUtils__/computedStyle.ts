/**
 * jsdom's own `getComputedStyle`.
 *
 * @internal
 */
export const jsdomStyle = window.getComputedStyle.bind(window);

/** What an element has from its parent where no rule says otherwise, and the root where none does. */
const inherited: Record<string, string> = {
  visibility: 'visible',
  'pointer-events': 'auto',
};

/** Attributes that decide what a browser shows of an element of no style. */
const shownBy = ['hidden', 'open', 'popover', 'type', 'dir'];

const emptyPage = document.implementation.createHTMLDocument();
const ofNoStyle = new Map<string, CSSStyleDeclaration>();

function withoutStyle(element: Element): CSSStyleDeclaration {
  const attributes = shownBy.map(name => element.getAttribute(name));
  const key = JSON.stringify([
    element.namespaceURI,
    element.localName,
    attributes,
  ]);
  let style = ofNoStyle.get(key);
  if (!style) {
    const like = emptyPage.createElementNS(
      element.namespaceURI,
      element.localName,
    );
    attributes.forEach((value, index) => {
      if (value !== null) {
        like.setAttribute(shownBy[index], value);
      }
    });
    style = jsdomStyle(like);
    ofNoStyle.set(key, style);
  }
  return style;
}

interface Rule {
  selector: string;
  /** An element has to have one of these; undefined if there are others that match. */
  classes?: string[];
  style: CSSStyleDeclaration;
}

/** One class of what each alternative of a selector ends in. */
function classesOf(selector: string): string[] | undefined {
  const classes = /[[\]()\\]/.test(selector)
    ? []
    : selector
        .split(',')
        .map(part => /\.([\w-]+)[^\s>+~]*$/.exec(part.trim())?.[1]);
  return classes.length && classes.every(name => name !== undefined)
    ? (classes as string[])
    : undefined;
}

const rulesOfSheets = new WeakMap<CSSStyleSheet, Rule[]>();

function rulesOf(sheet: CSSStyleSheet): Rule[] {
  let rules = rulesOfSheets.get(sheet);
  if (rules?.length !== sheet.cssRules.length) {
    // jsdom looks into no group of rules, such as a layer or a medium, either: they have no selector.
    rules = Array.from(sheet.cssRules as Iterable<CSSRule>, rule => {
      const { selectorText = '', style } = rule as CSSStyleRule;
      return {
        selector: selectorText,
        classes: classesOf(selectorText),
        style,
      };
    });
    rulesOfSheets.set(sheet, rules);
  }
  return rules;
}

let rulesByProperty = new Map<string, Rule[]>();
const sheetChanges = new MutationObserver(() => {
  rulesByProperty = new Map();
});
sheetChanges.observe(document.head, {
  childList: true,
  characterData: true,
  subtree: true,
});

/** The rules that set a property, the one that wins first. */
function rulesThatSet(property: string): Rule[] {
  if (sheetChanges.takeRecords().length > 0) {
    rulesByProperty = new Map();
  }
  let rules = rulesByProperty.get(property);
  if (!rules) {
    rules = Array.from(document.styleSheets)
      .flatMap(rulesOf)
      .filter(
        ({ selector, style }) => selector && style.getPropertyValue(property),
      )
      .reverse();
    rulesByProperty.set(property, rules);
  }
  return rules;
}

function matches(element: Element, { selector, classes }: Rule): boolean {
  if (classes && !classes.some(name => element.classList.contains(name))) {
    return false;
  }
  try {
    return element.matches(selector);
  } catch {
    return false;
  }
}

function valueOf(element: Element, property: string): string {
  const { style } = element as HTMLElement;
  const said =
    style?.getPropertyValue(property) ||
    rulesThatSet(property)
      .find(rule => matches(element, rule))
      ?.style.getPropertyValue(property);
  if (said && said !== 'inherit') {
    return said;
  }
  const usual = withoutStyle(element).getPropertyValue(property);
  const asParent = said === 'inherit' || usual === inherited[property];
  return asParent && element.parentElement
    ? valueOf(element.parentElement, property)
    : usual;
}

/**
 * The style of an element as jsdom computes it, in a fraction of the time. After every change of the page jsdom
 * matches each of hundreds of selectors with the element and its ancestors anew, and reckons all properties when one
 * is asked for: half of what a test of a page computes. Here only those rules are matched that set the property and
 * name a class of the element. Colours are left to jsdom.
 *
 * @internal
 */
export function computedStyle(
  element: Element,
  pseudoElement?: string | null,
): CSSStyleDeclaration {
  if (pseudoElement) {
    return jsdomStyle(element, pseudoElement);
  }
  const getPropertyValue = (property: string) =>
    /color/i.test(property)
      ? jsdomStyle(element).getPropertyValue(property)
      : valueOf(element, property);
  return new Proxy(withoutStyle(element), {
    get(usual, name) {
      if (name === 'getPropertyValue') {
        return getPropertyValue;
      }
      return typeof Reflect.get(usual, name) === 'string' && name !== 'cssText'
        ? getPropertyValue(
            String(name).replace(/[A-Z]/g, c => `-${c.toLowerCase()}`),
          )
        : Reflect.get(jsdomStyle(element), name);
    },
  });
}
