/** The look. A host page sets --wijkwijzer-accent and the like; the zone profile sets --zone-...; else the defaults. */

/** When the panel covers the whole page. */
export const COVERS = "(max-width: 30em), (max-height: 32em)";

export const css = `
:host { all: initial; display: block; color-scheme: light dark;
  --accent: var(--wijkwijzer-accent, var(--zone-accent, #0b4a8f)); --on-accent: var(--wijkwijzer-accent-text, var(--zone-accent-text, #fff));
  --surface: var(--wijkwijzer-surface, var(--zone-surface, #fff)); --text: var(--wijkwijzer-text, var(--zone-text, #1a1d21));
  --soft: color-mix(in srgb, var(--text) 7%, var(--surface)); --line: color-mix(in srgb, var(--text) 60%, var(--surface));
  --urgent: #a3150c; --urgent-soft: #fdeceb; }
@media (prefers-color-scheme: dark) { :host {
  --accent: var(--wijkwijzer-accent-dark, var(--zone-accent-dark, #9cc8ff)); --on-accent: var(--wijkwijzer-accent-text-dark, var(--zone-accent-text-dark, #06121f));
  --surface: var(--wijkwijzer-surface-dark, var(--zone-surface-dark, #15191e)); --text: var(--wijkwijzer-text-dark, var(--zone-text-dark, #eef1f4));
  --urgent: #ffb3ab; --urgent-soft: #3b1512; } }
* { box-sizing: border-box }
.root { all: initial; display: block; color-scheme: light dark; font: 400 max(1rem, 16px)/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Noto Sans Arabic", sans-serif; color: var(--text);
  text-align: start; overflow-wrap: anywhere }
.root.larger { font-size: max(1.5rem, 24px) }
[hidden] { display: none !important }
.hidden, ::slotted([role="log"]) { position: absolute !important; inline-size: 1px !important; block-size: 1px !important; overflow: hidden !important;
  clip-path: inset(50%) !important; white-space: nowrap !important; margin: 0 !important }
button, textarea { font: inherit; color: inherit }
button, .exit, .call { line-height: 1.3; min-block-size: 44px; min-inline-size: 44px; padding: .4em .9em; border-radius: .5em; border: 1px solid var(--line);
  background: var(--surface); color: var(--text); cursor: pointer }
a { color: var(--accent); text-underline-offset: .15em }
:is(button, a, textarea, .scroll, .ask, h2):focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; box-shadow: 0 0 0 2px var(--surface) }
.launch { position: fixed; inset-block-end: 1rem; inset-inline-end: 1rem; z-index: 2147483000; background: var(--accent); color: var(--on-accent);
  border-color: var(--on-accent); border-radius: 2em; font-weight: 600; padding: .6em 1.2em; max-inline-size: calc(100vw - 2rem) }
.panel { position: fixed; inset-block-end: 1rem; inset-inline-end: 1rem; z-index: 2147483000; display: flex; flex-direction: column;
  inline-size: min(27em, calc(100vw - 2rem)); block-size: min(48em, calc(100vh - 2rem)); block-size: min(48em, calc(100dvh - 2rem));
  background: var(--surface); border: 1px solid var(--line); border-radius: .75em; box-shadow: 0 .5em 2em #0006; overflow: auto;
  scroll-padding-block: calc(var(--top, 4.5em) + .5em) 1em }
.full :is(a, button, textarea) { scroll-margin-block: calc(var(--top, 4.5em) + .5em) 1em }
.full .panel { position: static; inline-size: 100%; block-size: auto; min-block-size: 24em; overflow: visible; box-shadow: none }
.top { position: sticky; inset-block-start: 0; z-index: 1; background: var(--surface); border-block-end: 1px solid var(--line); padding: .4em .5em }
.top :is(.exit, button) { padding: .3em .6em }
.bar { display: flex; flex-wrap: wrap; gap: .4em; align-items: center; justify-content: space-between }
.exit { background: var(--urgent); color: var(--surface); border-color: var(--urgent); font-weight: 700; text-decoration: none; display: inline-flex; align-items: center }
h2 { font-size: 1.1em; line-height: 1.3; margin: .2em 0 }
.logo { inline-size: 1.5em; block-size: 1.5em; margin-inline-end: .4em; vertical-align: middle; fill: var(--accent) }
h3, h4 { font-size: 1em; margin: .8em 0 .1em }
p { margin: 0 0 .6em }
.small { font-size: .875em }
.strip { margin: 0; padding: .25em .75em; background: var(--urgent-soft); border-block-end: 1px solid var(--line) }
.strip a { font-weight: 700; color: var(--urgent); display: inline-block; min-block-size: 28px; padding-inline: .35em }
.about { margin: 0 0 .75em }
.tiny { font-size: .8em; margin: 0; padding: .3em .9em }
.menu { display: flex; flex-wrap: wrap; gap: .4em; padding: .5em .75em; border-block-end: 1px solid var(--line) }
.ask { inline-size: 100%; border: 2px solid var(--urgent); border-radius: .5em; padding: .5em }
.scroll { flex: 1 1 auto; min-block-size: 9em; overflow: auto; padding: .75em }
.full .scroll { max-block-size: none; overflow: visible }
.list, .links { list-style: none; margin: 0; padding: 0 }
.message { margin: 0 0 .75em; padding: .6em .8em; border-radius: .6em; border: 1px solid transparent; background: var(--soft) }
.message ul:not(.links) { list-style: disc }
.message :is(ul, ol):not(.links) { margin: 0 0 .6em; padding-inline-start: 1.4em }
.message > :last-child, .message p:last-child { margin-block-end: 0 }
.own { margin-inline-start: 12%; background: var(--surface); border-color: var(--line) }
.sender { font-size: .8em; font-weight: 700; display: block }
.emergency { background: var(--urgent-soft); border: 2px solid var(--urgent) }
.emergency .sender { color: var(--urgent); font-size: 1em }
.route { border-color: var(--accent); border-inline-start-width: 5px }
.links { display: flex; flex-wrap: wrap; gap: .4em; margin-block: .5em }
.links a { display: inline-flex; align-items: center; min-block-size: 44px }
.call { background: var(--accent); color: var(--on-accent); border-color: var(--accent); font-weight: 600; text-decoration: none }
.emergency .call { background: var(--urgent); color: var(--surface); border-color: var(--urgent); font-size: 1.15em }
.choices { display: flex; flex-wrap: wrap; gap: .4em; margin-block-start: .6em }
.choices button { border-color: var(--accent); text-align: start }
.choices [aria-pressed="true"] { background: var(--accent); color: var(--on-accent); font-weight: 600 }
.choices [aria-pressed="true"]::before { content: "✓ "; content: "✓ " / "" }
.quiet { margin-block-start: .6em }
.note { list-style: none; margin: 0 0 .75em; font-size: .9em; border-inline-start: 3px solid var(--line); padding-inline-start: .6em }
.writing { margin: 0; padding: 0 .75em .5em; font-style: italic }
.alert { margin: 0 .75em .75em; padding: .6em .8em; border: 2px solid var(--urgent); border-radius: .5em; background: var(--urgent-soft) }
.alert a { font-weight: 700; color: var(--urgent) }
form { border-block-start: 1px solid var(--line); padding: .4em .75em .6em; margin: 0; background: var(--surface) }
label { font-weight: 600; display: block; margin-block-end: .3em }
textarea { inline-size: 100%; min-block-size: 3.2em; padding: .5em; border: 1px solid var(--line); border-radius: .5em; background: var(--surface); resize: vertical }
textarea[aria-invalid="true"] { border: 2px solid var(--urgent) }
.send { background: var(--accent); color: var(--on-accent); border-color: var(--accent); font-weight: 600 }
.send[aria-disabled="true"] { background: var(--soft); color: var(--text); border-color: var(--line) }
.under { display: flex; flex-wrap: wrap; gap: .5em; justify-content: space-between; align-items: center; margin-block-start: .4em }
.under p { margin: 0 }
.under > div { flex: 1 1 9em }
@media ${COVERS} { .panel { inset: 0; inline-size: 100%; block-size: 100vh; block-size: 100dvh; border: 0; border-radius: 0 } }
@media (prefers-reduced-motion: no-preference) { .scroll { scroll-behavior: smooth } }
@media (forced-colors: active) { .message, .own, .strip, .send, .choices [aria-pressed="true"] { border: 1px solid CanvasText } .emergency { border-width: 3px }
  .choices [aria-pressed="true"] { border-width: 3px } .logo { fill: CanvasText } .exit, .call, .launch, .send { forced-color-adjust: none; background: ButtonFace; color: ButtonText; border-color: ButtonText } }
@media print { .root:not(.full) { display: none } form, .bar, .strip, .about, .quiet { display: none } .full .panel { border: 0 } }
`;
