"""The Textual shell: panes pull views, keys send commands."""
