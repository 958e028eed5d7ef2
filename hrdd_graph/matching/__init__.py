"""Who is who: comparing names in any script, and saying why two of them may be one party's.

A score is a suggestion with its reasons. Nothing here merges anything: what is sure may be linked by a caller, what is
not is for a person to decide, and what is said of unnamed, collective or pseudonymous parties is never compared at all.
"""
