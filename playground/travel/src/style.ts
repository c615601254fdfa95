export const style = `
:root { color-scheme: light dark; --ink: #1c2733; --soft: #57646f; --paper: #fbf9f5; --card: #fff; --line: #e3ddd1; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #ece8e0; --soft: #a9b1b8; --paper: #14191f; --card: #1d242c; --line: #323b45; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 68rem; padding: 2rem 1.25rem 4rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif; }
h1, h2 { font-family: Georgia, serif; font-weight: 600; line-height: 1.15; text-wrap: balance; }
h1 { margin: 0; font-size: clamp(2.25rem, 6vw, 3.5rem); }
h2 { margin: 2.5rem 0 1rem; }
header p, figcaption span { margin: 0; color: var(--soft); }
.places { display: grid; grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr)); gap: 1.25rem; margin: 0; padding: 0;
  list-style: none; }
figure { margin: 0; overflow: hidden; background: var(--card); border: 1px solid var(--line); border-radius: .75rem; }
figure img { display: block; width: 100%; height: auto; aspect-ratio: 3 / 2; object-fit: cover; }
figcaption { display: flex; flex-direction: column; padding: .75rem 1rem 1rem; }
.scroll { overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: .75rem; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: .6rem 1rem; text-align: left; white-space: nowrap; }
thead th { color: var(--soft); font-size: .85rem; font-weight: 500; }
tbody tr { border-top: 1px solid var(--line); }
.number { text-align: right; font-variant-numeric: tabular-nums; }
.avatar { width: 2rem; height: 2rem; margin-right: .5rem; object-fit: cover; border-radius: 50%; vertical-align: middle; }
.cover { display: block; width: 3.75rem; height: 2.5rem; object-fit: cover; border-radius: .35rem; }
`
