"""What pages show beyond what programs are told, as plain data: one module for each page that needs it."""
