/** Colours and measures of `src/ui/tokens.css`, for a page that stands alone. */
export const REFERENCE_STYLE = `
:root {
  color-scheme: light dark;
  --paper: light-dark(#f7f4ee, #14130f);
  --surface: light-dark(#fffdf9, #1c1a16);
  --sunken: light-dark(#efeae0, #0f0e0b);
  --ink: light-dark(#1f1c17, #f3eee4);
  --soft: light-dark(#5c5549, #b9b0a1);
  --line: light-dark(#e5dfd3, #322e27);
  --green: light-dark(#23663a, #8fd3a2);
  --amber: light-dark(#7d5200, #efc06a);
  --red: light-dark(#a9291d, #ffa79a);
  --blue: light-dark(#1d5b85, #93c9ef);
}
* { box-sizing: border-box; }
html { scroll-padding-block-start: 1rem; }
body {
  margin: 0;
  background: var(--paper);
  color: var(--ink);
  font: 1rem/1.55 ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
}
.skip { position: absolute; inset-inline-start: -100vw; }
.skip:focus { inset-inline-start: 1rem; }
.frame { display: grid; grid-template-columns: minmax(15rem, 19rem) minmax(0, 50rem); gap: 3rem; padding: 0 2rem; }
nav { position: sticky; inset-block-start: 0; block-size: 100vh; overflow-y: auto; padding-block: 2rem; font-size: .875rem; }
nav summary { font-weight: 600; cursor: pointer; }
nav p { margin: 1.25rem 0 .25rem; color: var(--soft); font-weight: 600; }
nav ul { margin: 0; padding: 0; list-style: none; }
nav a { display: flex; gap: .5rem; align-items: baseline; padding: .2rem .4rem; border-radius: 6px; color: inherit; text-decoration: none; }
nav .method { flex: none; inline-size: 3rem; }
nav a:hover { background: var(--sunken); }
nav a span { overflow-wrap: anywhere; }
main { padding-block: 2rem 6rem; }
h1 { margin: 0 0 1rem; font-size: 2rem; line-height: 1.2; }
h2 { margin: 4rem 0 0; font-size: 1.5rem; }
h3 { margin: 0; font-size: 1.125rem; }
h3 a { color: inherit; text-decoration: none; }
h3 a:hover { text-decoration: underline; }
h4 { margin: 1.5rem 0 .25rem; font-size: .875rem; }
p { margin: .5rem 0; }
section { margin-block-start: 1rem; padding: 1.5rem; border: 1px solid var(--line); border-radius: 16px; background: var(--surface); }
section:target { border-color: var(--blue); }
a { color: var(--blue); }
:focus-visible { outline: 2px solid var(--blue); outline-offset: 2px; }
code, pre { font: .875em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
pre { margin: .5rem 0 0; padding: 1rem; border-radius: 9px; background: var(--sunken); overflow-x: auto; }
pre code { font-size: .8125rem; overflow-wrap: normal; }
.soft { color: var(--soft); font-weight: 400; }
.method { font: 700 .6875rem/1.4 ui-monospace, Menlo, Consolas, monospace; letter-spacing: .02em; }
.get { color: var(--green); }
.post { color: var(--blue); }
.patch, .put { color: var(--amber); }
.delete { color: var(--red); }
table { inline-size: 100%; border-collapse: collapse; font-size: .875rem; }
th, td { padding: .4rem .75rem .4rem 0; border-block-end: 1px solid var(--line); text-align: start; vertical-align: top; font-weight: 400; overflow-wrap: anywhere; }
th { inline-size: 45%; }
.d1 { padding-inline-start: 1.25rem; }
.d2 { padding-inline-start: 2.5rem; }
.d3 { padding-inline-start: 3.75rem; }
details summary { font-size: .875rem; cursor: pointer; }
section details { margin-block-start: .75rem; }
@media (max-width: 60rem) {
  .frame { display: block; padding: 0 1rem; }
  nav { position: static; block-size: auto; max-block-size: 40vh; padding-block: 1rem; border-block-end: 1px solid var(--line); }
  section { padding: 1rem; }
}
`
