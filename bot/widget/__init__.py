"""The chat on a website: the web component's files, the page that works without any script, the example site."""
