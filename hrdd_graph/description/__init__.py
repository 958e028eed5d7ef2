"""What a view says of itself to programs: a catalogue (DCAT), statistics (VoID), examples of queries, changes."""
