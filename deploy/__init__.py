"""What it takes to run the assistant on servers. README.md says which file is for what."""
