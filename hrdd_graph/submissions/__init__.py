"""Submissions: evidence that others send in. Never lost, in quarantine until a curator decides, every step on record.

    desk = Desk(submissions_beside(store), resources)
    found = desk.receive(sent, by=token.id)      # on disk when this returns
    desk.decide(found.id, Decision("accept"), by=curator.id)
    desk.bring_up_to_date()                      # accepted graphs lie where a build finds them

A folder beside the store holds everything: ``log.jsonl`` (what happened, hash-linked), ``blobs/`` (what was sent, by
SHA-256) and ``accepted/`` (what a build reads; made from the other two, and made anew where it is lost).
"""
