/** Text that is HTML already. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** A template in which every plain text is escaped. */
export function html(
  strings: TemplateStringsArray,
  ...values: Array<string | Html>
): Html {
  let text = strings[0];
  values.forEach((value, index) => {
    text += value instanceof Html ? value.text : escape(value);
    text += strings[index + 1];
  });
  return new Html(text);
}

export function link(target: string, label: string): Html {
  return html`<a href="${encodeURI(target)}">${label}</a>`;
}

export function table(
  headings: string[],
  rows: Array<Array<string | Html>>,
): Html {
  const cells = (row: Array<string | Html>) =>
    new Html(row.map(cell => html`<td>${cell}</td>`.text).join(''));
  const head = new Html(
    headings.map(one => html`<th>${one}</th>`.text).join(''),
  );
  const body = new Html(
    rows
      .map(
        row =>
          html`<tr>
            ${cells(row)}
          </tr>`.text,
      )
      .join(''),
  );
  return html`<table>
    <thead>
      <tr>
        ${head}
      </tr>
    </thead>
    <tbody>
      ${body}
    </tbody>
  </table>`;
}
