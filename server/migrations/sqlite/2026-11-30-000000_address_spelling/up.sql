-- Domains of email addresses are kept in ASCII and lower case. What earlier versions kept in another spelling is found by this
-- index, and rewritten when the server starts (`store/spelling.rs`): SQL does not know how to map a domain (UTS 46).
CREATE INDEX users_other_spelling ON users (id) WHERE substr(email, instr(email, '@') + 1) GLOB '*[^a-z0-9.-]*';
