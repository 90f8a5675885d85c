//! Names that no statement of a tenant may hold in PostgreSQL: what reads the catalog, other databases or files, changes
//! settings, holds locks across transactions, runs text as SQL, or sleeps.
//!
//! The database's own rights refuse most of it again (`postgres/revoke`); this list does not count on them.

use super::lexer::{Placed, Token};

/// Beginnings of names of the system or of ours.
const PREFIXES: [&str; 4] = ["pg_", "_aerocall_", "aerocall_", "binary_upgrade_"];

/// Beginnings of names that are refused where they are called; columns may be named like that.
const CALLED_PREFIXES: [&str; 5] = ["lo_", "dblink", "has_", "brin_", "gin_"];

/// Names that are refused wherever they stand, quoted or not.
const NAMES: &[&str] = &[
    "aclitem",
    "cursor_to_xml",
    "cursor_to_xmlschema",
    "database_to_xml",
    "database_to_xml_and_xmlschema",
    "database_to_xmlschema",
    "information_schema",
    "loread",
    "lowrite",
    "query_to_xml",
    "query_to_xml_and_xmlschema",
    "query_to_xmlschema",
    "regclass",
    "regcollation",
    "regconfig",
    "regdictionary",
    "regnamespace",
    "regoper",
    "regoperator",
    "regproc",
    "regprocedure",
    "regrole",
    "regtype",
    "schema_to_xml",
    "schema_to_xml_and_xmlschema",
    "schema_to_xmlschema",
    "set_config",
    "table_to_xml",
    "table_to_xml_and_xmlschema",
    "table_to_xmlschema",
    "to_regclass",
    "to_regcollation",
    "to_regnamespace",
    "to_regoper",
    "to_regoperator",
    "to_regproc",
    "to_regprocedure",
    "to_regrole",
    "to_regtype",
    "ts_stat",
    "tableoid",
    "xmin",
    "xmax",
    "cmin",
    "cmax",
];

/// Names that are refused where they are called.
const CALLS: &[&str] = &[
    "aclexplode",
    "age",
    "col_description",
    "current_database",
    "current_query",
    "current_schema",
    "current_schemas",
    "current_setting",
    "format_type",
    "getdatabaseencoding",
    "getpgusername",
    "inet_client_addr",
    "inet_client_port",
    "inet_server_addr",
    "inet_server_port",
    "makeaclitem",
    "mxid_age",
    "obj_description",
    "row_security_active",
    "setseed",
    "shobj_description",
    "ts_debug",
    "ts_parse",
    "ts_rewrite",
    "ts_token_type",
    "txid_current",
    "txid_current_if_assigned",
    "txid_current_snapshot",
    "txid_status",
    "version",
];

/// Words that are values without being called: the role and the database.
const BARE: [&str; 7] = [
    "current_catalog",
    "current_role",
    "current_schema",
    "current_user",
    "session_user",
    "system_user",
    "user",
];

/// The first name that is refused, as it was written.
pub(super) fn find(tokens: &[Placed]) -> Option<(&str, usize)> {
    tokens.iter().enumerate().find_map(|(index, placed)| {
        let (name, bare) = match &placed.token {
            Token::Word(word) => (word.as_str(), is_bare(word, tokens, index)),
            Token::Quoted(name) => (name.as_str(), false),
            _ => return None,
        };
        let called = matches!(
            tokens.get(index + 1),
            Some(Placed {
                token: Token::Symbol('('),
                ..
            })
        );
        // The catalog knows its own names in lower case alone, but nobody needs the others.
        let folded = name.to_ascii_lowercase();
        let folded = folded.as_str();
        let refused = PREFIXES.iter().any(|prefix| folded.starts_with(prefix))
            || NAMES.contains(&folded)
            || (called && (CALLS.contains(&folded) || CALLED_PREFIXES.iter().any(|prefix| folded.starts_with(prefix))))
            || bare;
        refused.then_some((name, placed.at))
    })
}

/// Not a column's label: `t.user`, `AS user`.
fn is_bare(word: &str, tokens: &[Placed], index: usize) -> bool {
    let before = index.checked_sub(1).map(|before| &tokens[before].token);
    let label = match before {
        Some(Token::Symbol('.')) => true,
        Some(Token::Word(before)) => before == "as",
        _ => false,
    };
    BARE.contains(&word) && !label
}
